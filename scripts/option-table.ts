import { readFileSync } from 'node:fs'
import { options, optionsIn } from '../src/config/options.ts'
import { replaceMarked } from './marked.ts'

/** The README with the table of options as `src/config/options.ts` has them. */
export function readmeWithOptions(): string {
  const rows = optionsIn(options).map(({ variable, fallback, meaning, empty }) => {
    const cells = [
      `\`${variable}\``,
      fallback === '' ? '' : `\`${fallback}\``,
      meaning + (empty === undefined ? '' : `; empty: ${empty}`)
    ]
    return `| ${cells.join(' | ')} |\n`
  })
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  return replaceMarked(text, 'options', `| variable | default | meaning |\n|---|---|---|\n${rows.join('')}`)
}
