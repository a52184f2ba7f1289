import { readFileSync } from 'node:fs'
import { options } from '../src/config.ts'
import { marked } from './marked.ts'

/** The README with the table of options as `src/config.ts` has them. */
export function readmeWithOptions(): string {
  const rows = options.map(
    ({ name, fallback, meaning }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning} |\n`
  )
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  return marked(text, 'options', `| variable | default | meaning |\n|---|---|---|\n${rows.join('')}`)
}
