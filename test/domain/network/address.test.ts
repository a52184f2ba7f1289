import ipaddr from 'ipaddr.js'
import t from 'tap'
import {
  compareAddresses,
  covers,
  isReserved,
  type ParsedAddress,
  parseAddress
} from '../../../src/domain/network/address.ts'
import { fc, runs } from '../../support/scale.ts'

function parse(text: string): ParsedAddress {
  const parsed = parseAddress(text)
  if ('fault' in parsed) throw new Error(`${text} ${parsed.fault}`)
  return parsed
}

t.test('addresses and networks have one canonical form', async (t) => {
  const canonical: readonly (readonly [string, string])[] = [
    ['184.72.245.1', '184.72.245.1'],
    ['0.0.0.0', '0.0.0.0'],
    ['192.0.2.1/32', '192.0.2.1'],
    ['192.0.2.0/24', '192.0.2.0/24'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['128.0.0.0/1', '128.0.0.0/1'],
    ['2001:DB8::0001', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0db8:0000:0000:0000:0000:0000:0000/32', '2001:db8::/32'],
    ['::1/128', '::1'],
    ['::', '::'],
    ['::/0', '::/0'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221']
  ]
  for (const [text, value] of canonical) t.equal(parse(text).value, value, text)
})

t.test('family, first address and prefix length come with it', async (t) => {
  t.same(parse('192.0.2.0/24'), {
    value: '192.0.2.0/24',
    family: 'ipv4',
    first: Uint8Array.of(192, 0, 2, 0),
    prefix: 24
  })
  const { family, first, prefix } = parse('2001:db8::1')
  t.same(
    [family, [...first.subarray(0, 4)], first[15], first.length, prefix],
    ['ipv6', [0x20, 1, 0xd, 0xb8], 1, 16, 128]
  )
})

t.test('what two programs could read differently is refused, with what would be right', async (t) => {
  const faults: readonly (readonly [string, RegExp])[] = [
    ['010.0.0.1', /leading zero in 010.*write 10\.0\.0\.1/],
    ['10.0.0.01', /leading zero/],
    ['10.1', /four numbers/],
    ['10.0.0', /four numbers/],
    ['10.0.0.1.2', /four numbers/],
    ['10..0.1', /four numbers/],
    ['2130706433', /four numbers/],
    ['0x7f.0.0.1', /not an IP address/],
    ['10.0.0.256', /256: each of the four is at most 255/],
    ['10.0.0.1/8', /host bits set: the network is 10\.0\.0\.0\/8; the single address is 10\.0\.0\.1/],
    ['10.0.0.1/0', /the network is 0\.0\.0\.0\/0/],
    ['2001:db8::1/32', /the network is 2001:db8::\/32/],
    ['10.0.0.0/33', /from 0 to 32/],
    ['10.0.0.0/08', /without leading zeros/],
    ['10.0.0.0/-1', /from 0 to 32/],
    ['10.0.0.0/', /from 0 to 32/],
    ['10.0.0.0/8/8', /from 0 to 32/],
    ['2001:db8::/129', /from 0 to 128/],
    ['10.0.0.0/255.0.0.0', /net mask: write a prefix length, \/8/],
    ['10.0.0.0/0.0.0.255', /net mask: write a prefix length$/],
    ['::ffff:10.0.0.1', /mapped into IPv6: write 10\.0\.0\.1$/],
    ['::ffff:a00:1', /mapped into IPv6: write 10\.0\.0\.1$/],
    ['::FFFF:10.0.0.0/104', /write 10\.0\.0\.0\/8$/],
    ['::ffff:010.0.0.1', /not an IPv6 address/],
    ['fe80::1%eth0', /zone/],
    ['10.0.0.1%eth0', /zone/],
    ['１０.0.0.1', /U\+FF11, which is not ASCII/],
    ['10.0.0.1-10.0.0.9', /range: write it as CIDR/],
    ['192.0.2.0-192.0.2.255', /blocks, 192\.0\.2\.0\/24$/],
    ['10.0.0.1-10.0.1.254', /blocks, 10\.0\.0\.1, 10\.0\.0\.2\/31, 10\.0\.0\.4\/30, 10\.0\.0\.8\/29, and 12 more$/],
    ['10.0.0.1-9', /range: write it as CIDR/],
    ['2001:db8::1-2001:db8::9', /range: write it as CIDR/],
    [' 10.0.0.1', /contains a space/],
    ['10.0.0.1 ', /contains a space/],
    ['10.0.0.0 /8', /contains a space/],
    ['10.0.0.1\r', /control character U\+000D/],
    ['10.0.0.1\n', /control character U\+000A/],
    ['10.0.0.1\0', /control character U\+0000/],
    ['\ufeff10.0.0.1', /U\+FEFF/],
    ['[2001:db8::1]', /brackets/],
    ['10.0.0.1:80', /has a port/],
    ['http://10.0.0.1', /URL/],
    ['repo.clearswift.net', /kind host/],
    ['2001:db8::1::2', /not an IPv6 address/],
    ['12345::', /not an IPv6 address/],
    ['', /is empty/],
    ['/8', /not an IP address/],
    ['constructor', /not an IP address/]
  ]
  for (const [text, fault] of faults) t.match(parseAddress(text), { fault }, JSON.stringify(text))
})

const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const network = (length: number) =>
  fc.tuple(bytesOf(length), fc.integer({ min: 0, max: length * 8 })).map(([bytes, prefix]) => {
    const masked = [...bytes].map(
      (byte, index) => byte & (0xff00 >> Math.min(8, Math.max(0, prefix - index * 8))) & 0xff
    )
    return `${ipaddr.fromByteArray(masked).toString()}/${prefix}`
  })
// Near each other, so that containment and order are more than chance; mapped ones are refused and left out.
const near = fc
  .tuple(fc.constantFrom('10.0.', '2001:db8::'), fc.nat(3), fc.nat(3), fc.integer({ min: 8, max: 32 }))
  .map(([start, a, b, prefix]) => {
    if (start === '10.0.') return networkOf(`10.0.${a}.${b}`, prefix)
    return networkOf(`2001:db8::${a}:${b}`, prefix + 96)
  })
const arbitrary = fc.oneof(network(4), network(16), near).filter((text) => !text.startsWith('::ffff:'))

function networkOf(address: string, prefix: number): string {
  const kind = address.includes(':') ? ipaddr.IPv6 : ipaddr.IPv4
  return `${kind.networkAddressFromCIDR(`${address}/${prefix}`)}/${prefix}`
}

t.test('a canonical value is its own canonical value', async () => {
  fc.assert(
    fc.property(arbitrary, (text) => {
      const { value } = parse(text)
      return parse(value).value === value
    })
  )
})

t.test('IPv6 is written as the URL standard writes it', async () => {
  const groups = fc.array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
  fc.assert(
    fc.property(groups, (list) => {
      const text = list.map((group) => group.toString(16)).join(':')
      const parsed = parseAddress(text)
      return 'fault' in parsed
        ? /mapped/.test(parsed.fault)
        : `[${parsed.value}]` === new URL(`http://[${text}]`).hostname
    })
  )
})

t.test('no text makes it throw, and what it takes ipaddr.js takes too', async () => {
  const text = fc.oneof(fc.string({ maxLength: 20 }), fc.stringMatching(/^[0-9a-f:./%]{1,24}$/))
  fc.assert(
    fc.property(text, (written) => {
      const parsed = parseAddress(written)
      return 'fault' in parsed || ipaddr.isValid(written) || ipaddr.isValidCIDR(written)
    }),
    { numRuns: runs(5000) }
  )
})

t.test('IPv4 comes before IPv6, then numbers decide, then the broader network is first', async (t) => {
  const sorted = [
    '9.0.0.0',
    '10.0.0.0/8',
    '10.0.0.0/9',
    '10.0.0.0',
    '10.0.0.1',
    '100.0.0.0',
    '::/0',
    '::1',
    '2001:db8::'
  ]
  const shuffled = [...sorted].reverse().map(parse).sort(compareAddresses)
  t.same(
    shuffled.map(({ value }) => value),
    sorted
  )
})

t.test('a network covers what lies in it, in its own family', async (t) => {
  t.equal(covers(parse('10.0.0.0/8'), parse('10.1.2.3')), true)
  t.equal(covers(parse('10.0.0.0/8'), parse('10.0.0.0/8')), true)
  t.equal(covers(parse('10.0.0.0/9'), parse('10.0.0.0/8')), false)
  t.equal(covers(parse('10.0.0.0/9'), parse('10.128.0.0/9')), false)
  t.equal(covers(parse('0.0.0.0/0'), parse('203.0.113.7')), true)
  t.equal(covers(parse('::/0'), parse('203.0.113.7')), false)
})

t.test('covering agrees with ipaddr.js', async () => {
  fc.assert(
    fc.property(arbitrary, arbitrary, (left, right) => {
      const [a, b] = [parse(left), parse(right)]
      const naive =
        a.family === b.family &&
        a.prefix <= b.prefix &&
        ipaddr.parse(right.split('/')[0] ?? '').match(ipaddr.parseCIDR(left))
      return covers(a, b) === naive
    }),
    { numRuns: runs(3000) }
  )
})

t.test('whatever is no plain unicast is reserved', async (t) => {
  const reserved = [
    '10.0.0.1',
    '172.16.0.0/12',
    '192.168.1.1',
    '127.0.0.1',
    '169.254.1.1',
    '224.0.0.1',
    '255.255.255.255'
  ]
  const special = ['0.0.0.0', '100.64.0.1', '192.0.2.1', '198.51.100.7', '203.0.113.9', '198.18.0.1', '240.0.0.1']
  const ipv6 = ['::', '::1', 'fe80::1', 'fc00::1', 'ff02::1', '2001:db8::1', '2002::1', '64:ff9b::1', '3fff::1']
  for (const text of [...reserved, ...special, ...ipv6]) t.equal(isReserved(parse(text)), true, text)
  for (const text of [
    '184.72.245.1',
    '8.8.8.0/24',
    '172.32.0.0/12',
    '100.128.0.0/10',
    '2a00:1450::/32',
    '2606:4700::1'
  ])
    t.equal(isReserved(parse(text)), false, text)
})

t.test('a network that contains a reserved range is reserved', async (t) => {
  for (const text of ['0.0.0.0/0', '8.0.0.0/5', '192.0.0.0/8', '203.0.112.0/23', '::/0', '2000::/3'])
    t.equal(isReserved(parse(text)), true, text)
})

t.test('a single address is reserved exactly where ipaddr.js does not call it unicast', async () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const parsed = parseAddress(text)
      return 'fault' in parsed || isReserved(parsed) === (ipaddr.parse(text).range() !== 'unicast')
    }),
    { numRuns: runs(2000) }
  )
})
