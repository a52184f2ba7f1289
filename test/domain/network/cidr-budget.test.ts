import t from 'tap'
import { covers, type ParsedAddress, parseAddress } from '../../../src/domain/network/address.ts'
import { fitInto } from '../../../src/domain/network/cidr-budget.ts'
import { aggregate } from '../../../src/domain/network/cidr-join.ts'
import { fc, runs } from '../../support/scale.ts'

function parsed(text: string): ParsedAddress {
  const address = parseAddress(text)
  if ('fault' in address) throw new Error(`${text} ${address.fault}`)
  return address
}

const values = (addresses: readonly ParsedAddress[] = []) => addresses.map(({ value }) => value)
const fit = (most: number, ...texts: readonly string[]) => fitInto(texts.map(parsed), most)

t.test('what opens the fewest others is joined first', async (t) => {
  const fitted = fit(4, '192.0.2.0', '192.0.2.2', '192.0.2.128', '198.51.100.1', '198.51.100.2')
  t.strictSame(values(fitted?.addresses), ['192.0.2.0/30', '192.0.2.128', '198.51.100.1', '198.51.100.2'])
  t.strictSame(fitted?.extra, { ipv4: 2, ipv6: 0 })
})

t.test('a dear join is done where those above it then cost less than others', async (t) => {
  // The first two are joined for 2 and their /29 then costs nothing: 2 for both. The others cost 1 and 3.
  const fitted = fit(3, '20.0.0.0', '20.0.0.3', '20.0.0.4/30', '20.0.1.0', '20.0.1.2/31', '20.0.2.0')
  t.strictSame(values(fitted?.addresses), ['20.0.0.0/29', '20.0.1.0/30', '20.0.2.0'])
  t.strictSame(fitted?.extra, { ipv4: 3, ipv6: 0 })
})

t.test('addresses of one /64 are joined before one address of IPv4 is opened', async (t) => {
  const fitted = fit(3, '20.0.0.1', '20.200.0.1', '2603:1006:1::1', '2603:1006:1:0:8000::1')
  t.strictSame(values(fitted?.addresses), ['20.0.0.1', '20.200.0.1', '2603:1006:1::/64'])
  t.strictSame(fitted?.extra, { ipv4: 0, ipv6: 0 })
  const narrow = fit(2, '2603:1006:1::1', '2603:1006:1::2', '2603:1006:1:0:8000::1')
  t.strictSame(values(narrow?.addresses), ['2603:1006:1::/126', '2603:1006:1:0:8000::1'], 'no more of it than needed')
})

t.test('no way of joining opens more than a /8, or a /32 of IPv6', async (t) => {
  t.equal(fit(1, '20.0.0.1', '203.0.113.1'), undefined)
  t.equal(fit(1, '192.0.2.1', '2001:db8::1'), undefined, 'two families are never one entry')
  t.equal(fit(1, '2001:db8::1', '2002:db8::1'), undefined)
  t.strictSame(values(fit(1, '20.0.0.1', '20.255.0.1')?.addresses), ['20.0.0.0/8'])
  t.strictSame(values(fit(2, '102.0.0.1', '102.255.0.1', '103.0.0.1', '103.255.0.1')?.addresses), [
    '102.0.0.0/8',
    '103.0.0.0/8'
  ])
  const wide = fit(2, '2600::1', '2600:0:ffff::1', '2600:1::1', '2600:1:ffff::1')
  t.strictSame(values(wide?.addresses), ['2600::/32', '2600:1::/32'])
  t.strictSame(wide?.extra, { ipv4: 0, ipv6: 2 * (2 ** 32 - 2) })
})

/** The CIDRs of two small worlds: 16 addresses of IPv4, and four /64 networks with four blocks in each. */
const worldOf = { ipv4: '20.0.0.0/28', ipv6: '2600:0:0:8::/62' } as const
const finest = { ipv4: 32, ipv6: 66 } as const
type Family = keyof typeof worldOf

function halvesOf({ family, first, prefix }: ParsedAddress): readonly ParsedAddress[] {
  return [0, 1].map((bit) => {
    const bytes = Uint8Array.from(first)
    bytes[prefix >> 3] = (bytes[prefix >> 3] ?? 0) | (bit << (7 - (prefix & 7)))
    const text =
      family === 'ipv4'
        ? bytes.join('.')
        : Buffer.from(bytes)
            .toString('hex')
            .replace(/.{4}(?!$)/g, '$&:')
    return parsed(`${text}/${prefix + 1}`)
  })
}

/** A CIDR and all that lie in it, down to the finest of its world. */
function within(cidr: ParsedAddress): readonly ParsedAddress[] {
  return cidr.prefix === finest[cidr.family] ? [cidr] : [cidr, ...halvesOf(cidr).flatMap(within)]
}

const worlds = { ipv4: within(parsed(worldOf.ipv4)), ipv6: within(parsed(worldOf.ipv6)) }
const cellsOf = {
  ipv4: worlds.ipv4.filter(({ prefix }) => prefix === 32),
  ipv6: worlds.ipv6.filter(({ prefix }) => prefix === 64)
}

/** Which addresses of IPv4, or which /64 networks, some CIDRs touch. */
function touched(family: Family, cidrs: readonly ParsedAddress[]): number {
  return cellsOf[family].filter((cell) => cidrs.some((cidr) => covers(cidr, cell) || covers(cell, cidr))).length
}

/** Every way to cover the named CIDRs by disjoint ones. */
function coversOf(cidr: ParsedAddress, named: readonly ParsedAddress[]): readonly (readonly ParsedAddress[])[] {
  if (!named.some((each) => covers(cidr, each) || covers(each, cidr))) return [[]]
  if (cidr.prefix === finest[cidr.family]) return [[cidr]]
  const [left = [], right = []] = halvesOf(cidr).map((half) => coversOf(half, named))
  return [[cidr], ...left.flatMap((a) => right.map((b) => [...a, ...b]))]
}

/** The fewest others that a world has to open for each number of entries. */
function fewestOf(family: Family, named: readonly ParsedAddress[]): ReadonlyMap<number, number> {
  const own = named.filter((each) => each.family === family)
  const before = touched(family, own)
  const found = new Map<number, number>()
  for (const cover of coversOf(parsed(worldOf[family]), own)) {
    const extra = touched(family, cover) - before
    found.set(cover.length, Math.min(extra, found.get(cover.length) ?? Number.POSITIVE_INFINITY))
  }
  return found
}

const someOf = (family: Family, maxLength: number) =>
  fc.uniqueArray(fc.constantFrom(...worlds[family].filter(({ prefix }) => prefix > finest[family] - 3)), { maxLength })

t.test(
  'no other choice of CIDRs opens fewer over both families, nothing is lost, and the extra is exact',
  async (t) => {
    fc.assert(
      fc.property(someOf('ipv4', 6), someOf('ipv6', 6), fc.integer({ min: 1, max: 8 }), (ipv4, ipv6, most) => {
        const named = [...ipv4, ...ipv6]
        const [four, six] = [fewestOf('ipv4', ipv4), fewestOf('ipv6', ipv6)]
        const sums = [...four].flatMap(([a, x]) => [...six].flatMap(([b, y]) => (a + b <= most ? [x + y] : [])))
        const fitted = fitInto(named, most)
        if (!fitted) return t.equal(sums.length, 0, 'only what cannot be is refused')
        const { addresses, extra } = fitted
        const ofFamily = (family: Family) => addresses.filter((each) => each.family === family)
        t.ok(addresses.length <= most)
        t.ok(named.every((each) => addresses.some((cidr) => covers(cidr, each))))
        t.equal(extra.ipv4, touched('ipv4', ofFamily('ipv4')) - touched('ipv4', ipv4))
        t.equal(extra.ipv6, touched('ipv6', ofFamily('ipv6')) - touched('ipv6', ipv6))
        t.equal(extra.ipv4 + extra.ipv6, Math.min(...sums))
        const exact = aggregate(named)
        if (exact.length <= most) t.strictSame(values(addresses), values(exact), 'what fits is left alone')
      }),
      { numRuns: runs(200) }
    )
  }
)

t.test('a hundred thousand addresses go into a budget, small or large', async (t) => {
  const many = Array.from({ length: 100_000 }, (_, index) =>
    parsed(`20.${(index * 2) >> 16}.${((index * 2) >> 8) & 255}.${(index * 2) & 255}`)
  )
  for (const most of [1000, 50_000]) {
    const fitted = fitInto(many, most)
    t.ok((fitted?.addresses.length ?? Number.POSITIVE_INFINITY) <= most)
  }
})
