import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { repository } from '../../support/repository.ts'
import { fc, runs } from '../../support/scale.ts'
import { readAccessLists } from './grammar/acl.ts'
import { occasions } from './support/occasions.ts'
import { everything, renderedText, today } from './support/rendered.ts'
import { type Saying, sayings, texts } from './support/said.ts'
import { folder, missing, type Outcome, run } from './support/tool.ts'

/** The modules of the IETF, which no package has: they lie beside the project. */
const modules = join(repository, '../shared/yang')
const skip = missing('yanglint') || (!existsSync(modules) && 'the YANG modules are not beside this project')
const at = '2020-01-15T00:00:00Z'

const modulesOf = {
  acl: ['ietf-access-control-list@2019-03-04.yang'],
  mud: ['ietf-mud@2019-01-28.yang', 'ietf-acldns@2019-01-28.yang', 'ietf-access-control-list@2019-03-04.yang']
} as const

function yanglint(t: Test, format: keyof typeof modulesOf, text: string): Promise<Outcome> {
  const files = modulesOf[format].map((name) => `${modules}/${name}`)
  return run('yanglint', ['-p', modules, '-t', 'config', '-f', 'json', ...files, 'export.json'], {
    cwd: folder(t, { 'export.json': text })
  })
}

/** Neither has ports of SCTP and DCCP. */
function canSay({ transport, ports, source }: Saying): boolean {
  return !['sctp', 'dccp'].includes(transport) || (ports === '*' && source === '*')
}

/** What each says of a saying: ACLs of RFC 8519 have no names, and no roles. */
const blurs: Readonly<Record<keyof typeof modulesOf, (saying: Saying) => Saying | undefined>> = {
  acl: (saying) => (['address', 'group', 'any'].includes(saying.kind) && canSay(saying) ? saying : undefined),
  mud: (saying) =>
    ['address', 'group', 'host', 'role', 'any'].includes(saying.kind) && canSay(saying) ? saying : undefined
}

for (const format of ['acl', 'mud'] as const) {
  for (const { name, document, at } of occasions) {
    t.test(`${format}: yanglint takes ${name}, and it says what the view says`, { skip }, async (t) => {
      const text = renderedText(format, { document, at })
      t.match(await yanglint(t, format, text), { code: 0, stderr: '' })
      t.strictSame(texts(readAccessLists(text)), texts(sayings(document, at), blurs[format]))
    })
  }

  t.test(`${format} says what any document says`, async (t) => {
    fc.assert(
      fc.property(arbitraryDocument, (document) => {
        const text = renderedText(format, { document, at })
        t.strictSame(texts(readAccessLists(text)), texts(sayings(document, at), blurs[format]))
      }),
      { numRuns: runs(100) }
    )
  })

  t.test(`${format}: yanglint takes random documents`, { skip }, async (t) => {
    for (const document of fc.sample(arbitraryDocument, { numRuns: runs(6), seed: 8520 }))
      t.match(await yanglint(t, format, renderedText(format, { document, at })), { code: 0, stderr: '' })
  })
}

t.test('answers of TCP come back only where the connection was begun the right way', async (t) => {
  const answers = readAccessLists(renderedText('mud'), 'answers')
  t.ok(answers.length > 0)
  t.strictSame(
    texts(answers),
    texts(sayings(everything, today), (saying) => (saying.transport === 'tcp' ? blurs.mud(saying) : undefined))
  )
  t.strictSame(readAccessLists(renderedText('acl'), 'answers'), [])
})

const faults: readonly (readonly [name: string, from: string, to: string])[] = [
  ['an address', '192.0.2.45/32', '192.0.2.456/32'],
  ['no prefix', '192.0.2.45/32', '192.0.2.45'],
  ['a prefix', '"198.51.100.0/25"', '"198.51.100.0/33"'],
  ['an IPv6 prefix', '"2001:db8:1::/48"', '"2001:db8:1::/148"'],
  ['a port', '"port": 443', '"port": 80000'],
  ['a range that runs backwards', '"lower-port": 1024', '"lower-port": 65536'],
  ['a protocol', '"protocol": 17', '"protocol": 256'],
  ['a type of ICMP', '"type": 8', '"type": 256'],
  ['an action', '"accept"', '"allow"'],
  ['a key that nobody knows', '"forwarding"', '"forward"'],
  ['a name that stands twice', '"tcp-443-198.51.100.7"', '"tcp-80-198.51.100.7"'],
  ['a newline', '"tcp-80-198.51.100.7"', '"tcp-80\n198.51.100.7"'],
  ['a quote', '"tcp-80-198.51.100.7"', '"tcp-80"198.51.100.7"']
]
const mudFaults: typeof faults = [
  ['a wildcard', '"www.example.net"', '"*.example.net"'],
  ['a list that is not there', '"name": "everything-1.0-out-ipv4"', '"name": "everything-1.0-out"'],
  ['a direction', '"from-device"', '"from"'],
  ['no version', '"mud-version": 1,', ''],
  ['a validity of more than a week', '"cache-validity": 24', '"cache-validity": 169']
]

for (const [format, list] of [
  ['acl', faults],
  ['mud', [...faults, ...mudFaults]]
] as const) {
  t.test(`${format}: yanglint refuses what is wrong`, { skip }, async (t) => {
    const text = renderedText(format)
    for (const [name, from, to] of list) {
      const changed = text.replace(from, to)
      t.not(changed, text, name)
      t.not((await yanglint(t, format, changed)).code, 0, name)
    }
  })
}

t.test('a match of the other family, which yanglint lets pass, is seen by the reader of these tests', async (t) => {
  t.throws(() => readAccessLists(renderedText('acl').replace('"ipv4-acl-type"', '"ipv6-acl-type"')), /other family/)
})
