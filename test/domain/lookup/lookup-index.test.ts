import t from 'tap'
import { indexQuery, lookupKey } from '../../../src/domain/lookup/lookup-index.ts'
import { covers, type ParsedAddress, parseAddress } from '../../../src/domain/network/address.ts'
import { hostCovers, type ParsedHost, parseHost } from '../../../src/domain/network/host.ts'
import { fc, runs } from '../../support/scale.ts'

const text = (key: Uint8Array | undefined) => (key ? Buffer.from(key).toString('latin1') : undefined)
const hex = (key: Uint8Array | undefined) => (key ? Buffer.from(key).toString('hex') : undefined)

function parse(value: string): ParsedAddress | ParsedHost {
  const parsed = /^[\d.]+(\/\d+)?$|:/.test(value) ? parseAddress(value) : parseHost(value)
  if ('fault' in parsed) throw new Error(`${value} ${parsed.fault}`)
  return parsed
}

/** Whether a store would find the value, as databases compare bytes. */
function finds(query: string, value: string): boolean {
  const parsed = parse(value)
  const key = lookupKey({ kind: 'family' in parsed ? 'address' : 'host', value: parsed.value })
  if (!key) return false
  const { keys, ranges } = indexQuery(parse(query))
  const byKey = keys.some((candidate) => Buffer.compare(candidate, key) === 0)
  const byRange = ranges.some(({ from, to }) => Buffer.compare(from, key) <= 0 && Buffer.compare(key, to) < 0)
  if (byKey && byRange) throw new Error(`${query} finds ${value} twice`)
  return byKey || byRange
}

t.test('the key of an address is its family, its bytes and its prefix length', async (t) => {
  t.equal(hex(lookupKey({ kind: 'address', value: '10.1.2.3' })), '040a01020320')
  t.equal(hex(lookupKey({ kind: 'address', value: '10.0.0.0/8' })), '040a00000008')
  t.equal(hex(lookupKey({ kind: 'address', value: '2001:db8::/32' })), '0620010db800000000000000000000000020')
})

t.test('the key of a host is its labels from the right', async (t) => {
  t.equal(text(lookupKey({ kind: 'host', value: 'repo.clearswift.net' })), '\x10net.clearswift.repo')
  t.equal(text(lookupKey({ kind: 'host', value: '*.example.net' })), '\x10net.example.*')
  t.equal(text(lookupKey({ kind: 'host', value: 'intranet' })), '\x10intranet')
})

t.test('what matches no address and no name has no key', async (t) => {
  t.equal(lookupKey({ kind: 'role', value: 'syslog-server', title: 'Syslog server' }), undefined)
  t.equal(lookupKey({ kind: 'feed', value: 'aws', url: 'https://example.net/feed.json' }), undefined)
  t.equal(lookupKey({ kind: 'any' }), undefined)
})

t.test('an address is looked for under itself and every network above it', async (t) => {
  const { keys, ranges } = indexQuery(parse('10.1.2.3'))
  t.equal(keys.length, 33)
  t.same(ranges, [])
  t.equal(indexQuery(parse('2001:db8::1')).keys.length, 129)
})

t.test('a network is looked for with all that lies in it, up to the last address', async (t) => {
  for (const [query, value] of [
    ['0.0.0.0/0', '255.255.255.255'],
    ['255.255.255.0/24', '255.255.255.255'],
    ['10.0.0.0/9', '10.127.255.255'],
    ['::/0', 'ffff::'],
    ['2001:db8::/33', '2001:db8:7fff:ffff:ffff:ffff:ffff:ffff']
  ] as const)
    t.equal(finds(query, value), true, `${query} finds ${value}`)
  t.equal(finds('10.0.0.0/9', '10.128.0.0'), false)
  t.equal(finds('0.0.0.0/0', '::'), false)
  t.equal(finds('::/0', '10.0.0.1'), false)
})

t.test('a name is looked for under itself and every wildcard above it', async (t) => {
  const { keys, ranges, covering } = indexQuery(parse('a.b.example.net'))
  t.same(keys.map(text), ['\x10net.example.b.a', '\x10net.*', '\x10net.example.*', '\x10net.example.b.*'])
  const texts = (list: typeof ranges) => list.map(({ from, to }) => [text(from), text(to)])
  t.same(texts(ranges), [['\x10net.example.b.a\x00', '\x10net.example.b.a\x01']], 'URLs of the host')
  t.same(
    texts(covering),
    [
      ['\x10net.example.*\x01', '\x10net.example.*\x02'],
      ['\x10net.example.b.*\x01', '\x10net.example.b.*\x02']
    ],
    'patterns with two plain labels or more'
  )
})

t.test('patterns and URLs have keys of their own, beside those of their names', async (t) => {
  t.equal(text(lookupKey({ kind: 'pattern', value: '*cdn.example.net' })), '\x10net.example.*\x01*cdn.example.net')
  t.equal(text(lookupKey({ kind: 'url', value: 'a.example.net/b/' })), '\x10net.example.a\x00/b/')
})

t.test('a wildcard is looked for with all names beneath it', async (t) => {
  for (const value of [
    'a.example.net',
    'z.y.example.net',
    '*.a.example.net',
    '*.example.net',
    '_x.example.net',
    '0.example.net'
  ])
    t.equal(finds('*.example.net', value), true, value)
  for (const value of ['example.net', 'example-a.net', 'a.example-b.net', 'a.examplf.net', 'net', 'a.example.net.com'])
    t.equal(finds('*.example.net', value), false, value)
})

t.test('a network stands before all that lies in it', async (t) => {
  const values = ['10.0.0.0/8', '10.0.0.0/9', '10.0.0.0', '10.0.0.1', '11.0.0.0/8', '::/0', '::1']
  const keys = values.map((value) => lookupKey({ kind: 'address', value }) ?? new Uint8Array())
  t.same([...keys].reverse().sort(Buffer.compare), keys)
})

const ipv4 = fc
  .tuple(fc.nat(3), fc.constantFrom(0, 127, 128, 255), fc.integer({ min: 0, max: 32 }))
  .map(([a, b, prefix]) => networkOf([10, a, b, b], prefix))
const ipv6 = fc
  .tuple(fc.nat(3), fc.constantFrom(0, 255), fc.integer({ min: 0, max: 128 }))
  .map(([a, b, prefix]) => networkOf([0x20, 1, a, b, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, a, b], prefix))
const label = fc.constantFrom('a', 'b', 'a-b', '_a', '0')
const host = fc
  .tuple(fc.boolean(), fc.array(label, { maxLength: 3 }))
  .map(([wild, labels]) => [...(wild ? ['*'] : []), ...labels, 'example', 'net'].join('.'))

function networkOf(bytes: readonly number[], prefix: number): string {
  const masked = bytes.map((byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 0xff)
  if (bytes.length === 4) return `${masked.join('.')}/${prefix}`
  const groups = masked.flatMap((byte, index) =>
    index % 2 === 0 ? [(byte * 256 + (masked[index + 1] ?? 0)).toString(16)] : []
  )
  return `${groups.join(':')}/${prefix}`
}

t.test('addresses and names are found exactly where one of two contains the other', async () => {
  fc.assert(
    fc.property(fc.oneof(ipv4, ipv6, host), fc.oneof(ipv4, ipv6, host), (query, value) => {
      const [a, b] = [parse(query), parse(value)]
      const related =
        'family' in a && 'family' in b
          ? covers(a, b) || covers(b, a)
          : !('family' in a) && !('family' in b) && (hostCovers(a.value, b.value) || hostCovers(b.value, a.value))
      return finds(query, value) === related
    }),
    { numRuns: runs(5000) }
  )
})
