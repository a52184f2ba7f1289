import t from 'tap'
import { parseYaml } from '../../../src/domain/json/yaml.ts'
import { placedFindings } from '../../../src/domain/publishing/written-finding.ts'

const text = `id: example
requirements:
  - key: web
    endpoints:
      - kind: host
        value: WWW.example.net
      - {kind: any}
  - key: mail
    endpoints: []
`

t.test(
  'a finding of a guard rail has its place in the text, and what vanished that of what is left around it',
  async (t) => {
    const read = parseYaml(Buffer.from(text))
    if ('fault' in read) throw new Error(read.fault)
    const places = (pointers: readonly string[]) =>
      placedFindings(
        pointers.map((pointer) => ({ rule: 'mass_removal', pointer, detail: '' })),
        read
      ).map(({ line, column }) => `${line}:${column}`)
    t.strictSame(
      places([
        '/requirements/web/endpoints/host:www.example.net',
        '/requirements/web/endpoints/any',
        '/requirements/mail/endpoints/address:192.0.2.1',
        '/requirements/gone/endpoints/any',
        '/requirements',
        ''
      ]),
      ['5:9', '7:9', '9:16', '3:3', '3:3', '1:1']
    )
  }
)
