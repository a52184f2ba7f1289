import t from 'tap'
import { type ParsedAddress, parseAddress } from '../../../src/domain/network/address.ts'
import { aggregate } from '../../../src/domain/network/cidr-join.ts'
import { fc, runs } from '../../support/scale.ts'

function parsed(text: string): ParsedAddress {
  const address = parseAddress(text)
  if ('fault' in address) throw new Error(`${text} ${address.fault}`)
  return address
}

const values = (addresses: readonly ParsedAddress[]) => addresses.map(({ value }) => value)
const aggregated = (...texts: readonly string[]) => values(aggregate(texts.map(parsed)))

t.test('overlaps are swallowed and halves are joined', async (t) => {
  t.strictSame(aggregated('198.51.100.0/25', '198.51.100.128/25', '198.51.100.7'), ['198.51.100.0/24'])
  t.strictSame(aggregated('192.0.2.0', '192.0.2.1', '192.0.2.2', '192.0.2.3'), ['192.0.2.0/30'])
  t.strictSame(aggregated('192.0.2.1', '192.0.2.2'), ['192.0.2.1', '192.0.2.2'], 'neighbours that are no halves')
  t.strictSame(aggregated('2001:db8::/33', '2001:db8:8000::/33', '192.0.2.9'), ['192.0.2.9', '2001:db8::/32'])
  t.strictSame(aggregated(), [])
})

t.test('halves are not joined beyond a /8, or a /32 of IPv6, and what is broader stays as it is', async (t) => {
  t.strictSame(aggregated('102.0.0.0/9', '102.128.0.0/9', '103.0.0.0/8'), ['102.0.0.0/8', '103.0.0.0/8'])
  t.strictSame(aggregated('2600::/32', '2600:1::/32'), ['2600::/32', '2600:1::/32'])
  t.strictSame(aggregated('0.0.0.0/1', '128.0.0.0/1', '9.0.0.0/8'), ['0.0.0.0/1', '128.0.0.0/1'])
})

/** Addresses of a small world, so that random ones overlap and touch; the world is counted out address by address. */
const base = 0xc6336400 // 198.51.100.0
const small = fc.integer({ min: 24, max: 32 }).chain((prefix) =>
  fc.integer({ min: 0, max: 2 ** (prefix - 24) - 1 }).map((index) => {
    const first = base + index * 2 ** (32 - prefix)
    return parsed(`${[24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256).join('.')}/${prefix}`)
  })
)

function members(addresses: readonly ParsedAddress[]): Set<number> {
  const found = new Set<number>()
  for (const { first, prefix } of addresses) {
    const start = first.reduce((sum, byte) => sum * 256 + byte, 0)
    for (let number = start; number < start + 2 ** (32 - prefix); number += 1) found.add(number)
  }
  return found
}

/** The fewest CIDRs for a set of numbers: the whole if all are in it, else those of both halves. */
function fewest(set: ReadonlySet<number>, first: number, size: number): number {
  let count = 0
  for (let number = first; number < first + size; number += 1) if (set.has(number)) count += 1
  if (count === 0) return 0
  if (count === size) return 1
  return fewest(set, first, size / 2) + fewest(set, first + size / 2, size / 2)
}

t.test('an aggregate is exactly the same addresses, in the fewest CIDRs, whatever the order', async (t) => {
  fc.assert(
    fc.property(fc.array(small, { maxLength: 40 }), (addresses) => {
      const result = aggregate(addresses)
      const set = members(addresses)
      t.strictSame(members(result), set)
      t.equal(result.length, fewest(set, base, 256))
      t.strictSame(values(aggregate([...addresses].reverse())), values(result))
      t.strictSame(values(aggregate(result)), values(result))
    }),
    { numRuns: runs(300) }
  )
  t.end()
})
