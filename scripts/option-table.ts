import { readFileSync } from 'node:fs'
import { options, optionsIn } from '../src/config/options.ts'
import { documentTable } from './document-table.ts'
import { replaceMarked } from './marked.ts'

/** The README with the table of options as `src/config/options.ts` has them, and that of what a document can say. */
export function readmeWithTables(): string {
  const rows = optionsIn(options).map(({ variable, fallback, meaning, empty }) => {
    const cells = [
      `\`${variable}\``,
      fallback === '' ? '' : `\`${fallback}\``,
      meaning + (empty === undefined ? '' : `; empty: ${empty}`)
    ]
    return `| ${cells.join(' | ')} |\n`
  })
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const withOptions = replaceMarked(
    text,
    'options',
    `| variable | default | meaning |\n|---|---|---|\n${rows.join('')}`
  )
  return replaceMarked(withOptions, 'document', documentTable())
}
