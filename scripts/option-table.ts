import { readFileSync } from 'node:fs'
import { options } from '../src/config.ts'

const marks = { begin: '<!-- options: written by `npm run generate` -->\n', end: '<!-- /options -->' } as const

/** The README with the table of options as `src/config.ts` has them. */
export function readmeWithOptions(): string {
  const text = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const [before, rest] = text.split(marks.begin)
  const after = rest?.split(marks.end)[1]
  if (before === undefined || after === undefined) throw new Error('README.md lacks the marks of the table of options')
  const rows = options.map(
    ({ name, fallback, meaning }) => `| \`${name}\` | ${fallback === '' ? '' : `\`${fallback}\``} | ${meaning} |`
  )
  return [
    before,
    marks.begin,
    '| variable | default | meaning |\n|---|---|---|\n',
    ...rows.map((row) => `${row}\n`),
    marks.end,
    after
  ].join('')
}
