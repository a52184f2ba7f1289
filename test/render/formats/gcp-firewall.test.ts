import { realpathSync } from 'node:fs'
import { dirname } from 'node:path'
import t, { type Test } from 'tap'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { readFirewalls } from './grammar/gcp.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { renderedText, type Wanted } from './support/rendered.ts'
import { anyAsNetworks, type Saying, sayings, texts } from './support/said.ts'
import { folder, missing, pathOf, run } from './support/tool.ts'

const at = '2020-01-15T00:00:00Z'
const rules = (wanted: Wanted = {}) => renderedText('gcp-firewall', wanted)

/** No names, no types of ICMP, no groups that something comes in for, and ports of three transports alone. */
function blur(saying: Saying): Saying | undefined {
  const hasNoPorts = !['tcp', 'udp', 'sctp'].includes(saying.transport) && saying.ports !== '*'
  return saying.kind === 'address' && saying.icmp === '*' && !hasNoPorts ? { ...saying, source: '*' } : undefined
}

for (const { name, document, at } of occasions)
  t.test(`the rules say of ${name} what the view says`, async (t) => {
    t.strictSame(texts(readFirewalls(rules({ document, at }))), texts(anyAsNetworks(sayings(document, at)), blur))
  })

t.test('the rules say what any document says', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      t.strictSame(texts(readFirewalls(rules({ document, at }))), texts(anyAsNetworks(sayings(document, at)), blur))
    }),
    { numRuns: runs(100) }
  )
})

t.test('more than 5,000 ranges are several rules, and the longest names stay apart', async (t) => {
  const addresses = Array.from({ length: 5001 }, (_, index) => address(`20.${index >> 8}.${index & 255}.1`))
  const id = 'a-catalogue-with-a-name-that-is-far-longer-than-any-name-in-compute-engine'
  const document = { ...documentOf([requirement('a', addresses)]), id }
  const parsed: readonly { readonly name: string; readonly targetTags: readonly string[] }[] = JSON.parse(
    rules({ document })
  )
  t.equal(readFirewalls(rules({ document })).length, 5001)
  t.equal(new Set(parsed.map(({ name }) => name)).size, 2)
  t.equal(new Set(parsed.map(({ targetTags }) => targetTags.join())).size, 1)
})

t.test('the reader refuses what the rules must not say', async (t) => {
  const changes = {
    'an address': ['198.51.100.7/32', '198.51.100.256/32'],
    'no prefix': ['198.51.100.7/32', '198.51.100.7'],
    'host bits': ['198.51.100.128/25', '198.51.100.129/25'],
    'the other family': ['198.51.100.7/32', '2001:db8::7/128'],
    'a port': ['"443"', '"65536"'],
    'a protocol': ['"udp"', '"upd"'],
    'ICMP of the other family': ['"58"', '"icmp"'],
    'ports of a protocol that has none': [/"IPProtocol": "udp"/, '"IPProtocol": "esp"'],
    'a name twice': ['-out-tcp-ipv4"', '-out-tcp-80-ipv4"'],
    'a name with a full stop': ['-out-tcp-ipv4"', '-out.tcp-ipv4"'],
    'no ranges': ['"destinationRanges"', '"sourceRanges"'],
    'no tag': [/"targetTags": \[[^\]]*\]/, '"targetTags": []'],
    'a rule that denies': ['"allowed"', '"denied"']
  } as const
  for (const [name, text] of Object.entries(mutationsOf(rules(), changes))) t.throws(() => readFirewalls(text), name)
})

/** Reads each rule as the client library of Google Cloud does, and says which fields it does not know. */
const reader = `
import json, sys
sys.path[:0] = [sys.argv[1] + '/lib', sys.argv[1] + '/lib/third_party']
from apitools.base.py import encoding
from googlecloudsdk.generated_clients.apis.compute.v1 import compute_v1_messages as messages
for rule in json.load(open('rules.json')):
    firewall = encoding.JsonToMessage(messages.Firewall, json.dumps(rule))
    firewall.check_initialized()
    for part in [firewall] + firewall.allowed:
        if part.all_unrecognized_fields():
            sys.exit(str(part.all_unrecognized_fields()))
`

t.test(
  'the client library of Google Cloud knows every field, and no others',
  { skip: missing('gcloud', 'python3') },
  async (t) => {
    const sdk = dirname(dirname(realpathSync(pathOf('gcloud') ?? '')))
    const read = async (t: Test, text: string) =>
      run('python3', ['-c', reader, sdk], {
        cwd: folder(t, { 'rules.json': text }),
        env: { PYTHONDONTWRITEBYTECODE: '1' }
      })
    for (const { name, document, at } of occasions) {
      const { code, stderr } = await read(t, rules({ document, at }))
      t.equal(code, 0, `${name}: ${stderr}`)
    }
    const changes = {
      'a field that nobody knows': ['"targetTags"', '"tags"'],
      'a priority that is text': ['"priority": 1000', '"priority": "high"'],
      'a range that is no list': [/"destinationRanges": \[[^\]]*\]/, '"destinationRanges": 4'],
      'a protocol in another place': ['"IPProtocol"', '"protocol"']
    } as const
    for (const [name, text] of Object.entries(mutationsOf(rules(), changes))) t.not((await read(t, text)).code, 0, name)
  }
)
