import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import t from 'tap'

const page = readFileSync(new URL('../man/portolan.1', import.meta.url), 'utf8')
const { man, files } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

t.test('the manual page is in the package, and tells of each kind of thing', async (t) => {
  t.equal(man, 'man/portolan.1')
  t.ok(files.includes('man'))
  for (const text of [
    '.SS "portolan keys create [options]"',
    '.B PORTOLAN_KEY',
    '\\-\\-override <rule>',
    '.SH EXIT STATUS'
  ])
    t.ok(page.includes(text), text)
})

const skip = spawnSync('mandoc', ['-V']).error === undefined ? false : 'mandoc is not installed'

t.test('mandoc reads it without a warning, and sees what is wrong in a changed one', { skip }, async (t) => {
  // It has no date: what is generated would differ each day.
  const lint = (input: string) =>
    spawnSync('mandoc', ['-Tlint', '-Wwarning'], { input, encoding: 'utf8' }).stdout.replace(/.*: missing date.*\n/, '')
  t.equal(lint(page), '')
  t.match(lint(`${page}.nonsense\n`), 'skipping unknown macro')
})
