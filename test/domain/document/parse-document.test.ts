import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { parseDocument } from '../../../src/domain/document/parse-document.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryAuthored, shuffled } from './support/arbitrary-authored.ts'
import { type Authored, authored, authoredRequirement, withEndpoints } from './support/authored.ts'

function documentOf(input: unknown): Document {
  const parsed = parseDocument(input)
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return parsed.document
}
const requirementOf = (fields: Authored) => documentOf(authored([authoredRequirement(fields)])).requirements[0]
const endpointsOf = (...endpoints: readonly unknown[]) =>
  documentOf(withEndpoints(...endpoints)).requirements[0]?.endpoints

t.test('a document has its fields in one order, whatever order they were written in', async (t) => {
  const full = {
    requirements: [
      {
        endpoints: [
          {
            remarks: 'r',
            replacedBy: ['b.example'],
            until: '2018-11',
            from: '2018-10',
            value: 'a.example',
            kind: 'host'
          },
          { tags: ['us', 'eu', 'us'], value: 'b.example', kind: 'host' },
          { serves: ['b.example'], until: '2018-11-22', value: '192.0.2.1', kind: 'address' },
          { title: 'Syslog', value: 'syslog', kind: 'role' },
          { select: { b: ['2', '1'], a: ['x'] }, url: 'https://example.net/f', value: 'aws', kind: 'feed' }
        ],
        references: [{ url: 'https://example.net/', title: 'Home' }],
        externalIds: { cmdb: '7', asset: '8' },
        owner: 'Mail team',
        remarks: 'two\nlines',
        tags: ['b', 'a', 'b'],
        proxy: { tlsInspection: 'forbidden', httpProxy: 'allowed' },
        services: [{ application: 'ping', icmp: { code: 0, type: 8 }, transport: 'icmp' }],
        inferred: ['scope', 'direction'],
        component: 'server',
        condition: 'with Kaspersky',
        necessity: 'conditional',
        direction: 'both',
        scope: 'external',
        title: 'DNS',
        previousKeys: ['old'],
        key: 'dns'
      }
    ],
    guidance: [{ text: 'Prefer names', topic: 'firewall', key: 'names' }],
    edition: {
      reconstructed: true,
      reason: 'r',
      summary: 's',
      date: '2018-10',
      label: '2.3',
      publishedAt: '2018-10-01',
      source: {
        digest: `sha256:${'0'.repeat(64)}`,
        time: '2018-10-01T02:00:00+02:00',
        url: 'https://example.net/list',
        token: '7',
        adapter: 'aws'
      }
    },
    announces: false,
    components: [{ title: 'Server', key: 'server' }],
    endOfSupport: '2020-01',
    successor: 'gateway-5',
    timeZone: 'Europe/London',
    aliases: ['b', 'a'],
    version: '4.8',
    product: 'Gateway',
    vendor: 'Clearswift',
    title: 'Ports',
    id: 'gateway-4.8'
  }
  t.equal(
    JSON.stringify(documentOf(full)),
    JSON.stringify({
      id: 'gateway-4.8',
      title: 'Ports',
      vendor: 'Clearswift',
      product: 'Gateway',
      version: '4.8',
      aliases: ['a', 'b'],
      timeZone: 'Europe/London',
      successor: 'gateway-5',
      endOfSupport: '2020-01-01T00:00:00Z',
      announces: false,
      components: [{ key: 'server', title: 'Server' }],
      edition: {
        label: '2.3',
        date: '2018-10',
        summary: 's',
        reason: 'r',
        reconstructed: true,
        source: {
          adapter: 'aws',
          url: 'https://example.net/list',
          token: '7',
          time: '2018-10-01T00:00:00Z',
          digest: `sha256:${'0'.repeat(64)}`
        }
      },
      guidance: [{ key: 'names', topic: 'firewall', text: 'Prefer names' }],
      requirements: [
        {
          key: 'dns',
          previousKeys: ['old'],
          title: 'DNS',
          scope: 'external',
          direction: 'both',
          necessity: 'conditional',
          condition: 'with Kaspersky',
          component: 'server',
          inferred: ['direction', 'scope'],
          services: [{ transport: 'icmp', icmp: { type: 8, code: 0 }, application: 'ping' }],
          proxy: { httpProxy: 'allowed', tlsInspection: 'forbidden' },
          tags: ['a', 'b'],
          remarks: 'two\nlines',
          owner: 'Mail team',
          externalIds: { asset: '8', cmdb: '7' },
          references: [{ title: 'Home', url: 'https://example.net/' }],
          endpoints: [
            {
              kind: 'host',
              value: 'a.example',
              from: '2018-09-30T23:00:00Z',
              until: '2018-11-01T00:00:00Z',
              replacedBy: ['b.example'],
              remarks: 'r'
            },
            { kind: 'host', value: 'b.example', tags: ['eu', 'us'] },
            { kind: 'address', value: '192.0.2.1', until: '2018-11-22T00:00:00Z', serves: ['b.example'] },
            { kind: 'role', value: 'syslog', title: 'Syslog' },
            { kind: 'feed', value: 'aws', url: 'https://example.net/f', select: { a: ['x'], b: ['1', '2'] } }
          ]
        }
      ]
    })
  )
})

t.test('what is optional may have a condition', async (t) => {
  const fields = { necessity: 'optional', condition: 'Unless telemetry is switched off' }
  t.match(requirementOf(fields), fields)
})

t.test('what is not said stays absent, but for the time zone', async (t) => {
  const fields = {
    announces: true,
    aliases: [],
    guidance: [],
    edition: { label: '1', summary: 's', reconstructed: false }
  }
  const { edition, ...profile } = documentOf(authored([], fields))
  t.same(Object.keys(profile), ['id', 'title', 'vendor', 'product', 'version', 'timeZone', 'requirements'])
  t.equal(profile.timeZone, 'UTC')
  t.same(Object.keys(edition), ['label', 'summary'])
  const empty = { tags: [], inferred: [], previousKeys: [], references: [] }
  t.same(Object.keys(requirementOf(empty) ?? {}).slice(5), ['services', 'endpoints'])
  t.same(endpointsOf({ kind: 'host', value: 'a.example', replacedBy: [] }), [{ kind: 'host', value: 'a.example' }])
})

t.test('the instant of publication comes apart from the document', async (t) => {
  const edition = { label: '2.3', summary: 's', publishedAt: '2018-10-01' }
  const parsed = parseDocument(authored([], { edition, timeZone: 'America/New_York' }))
  t.match(parsed, { publishedAt: Date.UTC(2018, 9, 1, 4), document: { edition: { label: '2.3', summary: 's' } } })
  t.notOk('document' in parsed && 'publishedAt' in parsed.document.edition)
  t.notOk('publishedAt' in parseDocument(authored()))
})

t.test('values are canonical, in lists of values too', async (t) => {
  const endpoints = endpointsOf(
    { kind: 'host', value: 'Bücher.example.' },
    {
      kind: 'address',
      value: '2001:DB8::0001/128',
      serves: ['BÜCHER.example'],
      replacedBy: ['2001:db8:0::1', 'xn--bcher-kva.example']
    },
    { kind: 'role', value: '7', title: 'Seven', replacedBy: ['7'] }
  )
  t.same(endpoints, [
    { kind: 'host', value: 'xn--bcher-kva.example' },
    {
      kind: 'address',
      value: '2001:db8::1',
      serves: ['xn--bcher-kva.example'],
      replacedBy: ['2001:db8::1', 'xn--bcher-kva.example']
    },
    { kind: 'role', value: '7', title: 'Seven', replacedBy: ['7'] }
  ])
})

t.test('a value may leave and come back, and one lifetime may begin as the other ends', async (t) => {
  const rows = endpointsOf(
    { kind: 'address', value: '192.0.2.1', from: '2020-01' },
    { kind: 'address', value: '192.0.2.1', until: '2018-11' },
    { kind: 'address', value: '192.0.2.1', from: '2018-11', until: '2019-01' }
  )
  t.same(
    rows?.map(({ from }) => from),
    [undefined, '2018-11-01T00:00:00Z', '2020-01-01T00:00:00Z']
  )
})

t.test('an end in the past is fine: born retired', async (t) => {
  t.match(endpointsOf({ kind: 'any', until: '1999-12-31' }), [{ kind: 'any', until: '1999-12-31T00:00:00Z' }])
})

t.test('services of one transport and port differ by application', async (t) => {
  const services = [
    { transport: 'udp', ports: [53] },
    { transport: 'tcp', ports: [21, 990], application: 'ftps' },
    { transport: 'tcp', ports: ['21'], application: 'ftp' },
    { transport: 'tcp' },
    { transport: 'tcp', ports: [{ from: 21, to: 21 }] }
  ]
  t.same(
    requirementOf({ services })?.services.map(({ transport, ports, application }) => [
      transport,
      ports?.length,
      application
    ]),
    [
      ['tcp', undefined, undefined],
      ['tcp', 1, undefined],
      ['tcp', 1, 'ftp'],
      ['tcp', 2, 'ftps'],
      ['udp', 1, undefined]
    ]
  )
})

t.test('the order of requirements, guidance and references is the author’s', async (t) => {
  const guidance = ['z', 'a', 'm'].map((key) => ({ key, topic: 'dns', text: key }))
  const references = ['https://z.example/', 'https://a.example/'].map((url) => ({ url }))
  const requirements = ['z', 'a', 'm'].map((key) => authoredRequirement({ key, references }))
  const document = documentOf(authored(requirements, { guidance }))
  t.same(
    document.requirements.map(({ key }) => key),
    ['z', 'a', 'm']
  )
  t.same(
    document.guidance?.map(({ key }) => key),
    ['z', 'a', 'm']
  )
  t.same(document.requirements[0]?.references, references)
})

t.test('the canonical document is its own canonical document, byte for byte', async () => {
  fc.assert(
    fc.property(arbitraryAuthored, (input) => {
      const bytes = JSON.stringify(documentOf(input))
      return JSON.stringify(documentOf(JSON.parse(bytes))) === bytes
    })
  )
})

t.test('whoever writes the sets in whatever order gets the same document', async () => {
  fc.assert(
    fc.property(arbitraryAuthored, fc.infiniteStream(fc.nat(1000)), (input, random) => {
      return JSON.stringify(documentOf(shuffled(input, random))) === JSON.stringify(documentOf(input))
    })
  )
})

t.test('an empty list is read like an absent one, which takes the long way through the shapes', async () => {
  fc.assert(
    fc.property(arbitraryAuthored, (input) => {
      return JSON.stringify(documentOf({ aliases: [], guidance: [], ...input })) === JSON.stringify(documentOf(input))
    })
  )
})

const answers = (input: unknown) => {
  const parsed = parseDocument(input, { id: 'gateway' })
  return 'document' in parsed || parsed.faults.length > 0
}

t.test('no input makes it throw, and what it refuses it gives reasons for', async () => {
  fc.assert(fc.property(fc.oneof(fc.anything(), fc.jsonValue()), answers), { numRuns: runs(2000) })
})

t.test('nor does a document with one field of another shape', async () => {
  const broken = fc.tuple(arbitraryAuthored, fc.nat(200), fc.jsonValue()).map(([input, at, value]) => {
    let left = at
    return JSON.parse(JSON.stringify(input), (_, field) => (left-- === 0 ? value : field))
  })
  fc.assert(fc.property(broken, answers), { numRuns: runs(500) })
})
