import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { fc, runs } from '../../support/scale.ts'
import { everything, renderedText } from './support/rendered.ts'

/** Scripts that a device reads as if somebody typed them, with what their comments begin with. PAN-OS has none. */
const marks: Readonly<Record<string, string | undefined>> = {
  mikrotik: '#',
  fortios: '#',
  panos: undefined,
  'cisco-asa': '!',
  junos: '#',
  'junos-prefix-list': '#'
}

/** The same catalogue with other texts wherever an author writes freely. */
function withText(text: string): Document {
  return {
    ...everything,
    title: text,
    vendor: text,
    product: text,
    version: text,
    aliases: [text],
    edition: { ...everything.edition, label: text, summary: text, reason: text },
    requirements: everything.requirements.map((requirement) => ({
      ...requirement,
      title: text,
      remarks: text,
      owner: text,
      endpoints: requirement.endpoints.map((endpoint) => ({ ...endpoint, remarks: text }))
    }))
  }
}

const pieces = [
  '"',
  "'",
  '\\',
  '`',
  '$(reboot)',
  '[/system reboot]',
  '{',
  '}',
  ';',
  '|',
  '?',
  '\n',
  '\r',
  '\u2028',
  '\t',
  '日本',
  '# ',
  '! ',
  'end',
  'x'
]
const hostile = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((found) => found.join(''))

for (const [format, mark] of Object.entries(marks)) {
  /** The digest is of all texts. */
  const commandsOf = (text: string) =>
    text
      .split('\n')
      .filter((line) => mark === undefined || !line.startsWith(mark))
      .map((line) => line.replace(/sha256:\w+/, ''))
  t.test(`${format}: no text that an author writes freely reaches a command`, async (t) => {
    const plain = commandsOf(renderedText(format))
    t.ok(plain.length > 20)
    fc.assert(
      fc.property(hostile, (text) => {
        const written = renderedText(format, { document: withText(text) })
        t.strictSame(commandsOf(written), plain)
        t.match(written, /^[ -~\n]*$/, 'a device reads bytes that it knows')
        t.notMatch(written, /\?/, 'a question mark asks for help')
      }),
      { numRuns: runs(50) }
    )
  })
}
