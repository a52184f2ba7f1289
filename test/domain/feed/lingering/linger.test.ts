import t from 'tap'
import type { Document } from '../../../../src/domain/document/document.ts'
import { parseDocument } from '../../../../src/domain/document/parse-document.ts'
import { type Observed, observe, seenSource } from '../../../../src/domain/feed/observe.ts'
import { dayMs } from '../../../../src/domain/time/duration.ts'
import { fc } from '../../../support/scale.ts'
import { address, host, requirement, type Written } from '../../document/support/sample.ts'
import { day, importedList } from '../support/lists.ts'

function seen(requirements: readonly Written[], at: number, lingerMs: number, head?: Document): Observed {
  return observe({
    adapter: { name: 'sample', provider: { title: 'Ranges', vendor: 'Example', product: 'Cloud' } },
    source: seenSource({ bytes: Buffer.from(JSON.stringify(requirements)), name: 'list.json' }),
    imported: importedList({}, { requirements }),
    id: 'feed.sample',
    at,
    lingerMs,
    ...(head && { head })
  })
}

/** The heads after lists, one a day, each of which must pass the parser as it is. */
function heads(lists: readonly (readonly Written[])[], lingerDays: number): readonly Document[] {
  const all: Document[] = []
  for (const [index, list] of lists.entries()) {
    const observed = seen(list, day(index), lingerDays * dayMs, all.at(-1))
    const head = observed.kind === 'changed' ? observed.document : all.at(-1)
    if (!head) throw new Error('the first list is a change')
    const parsed = parseDocument(JSON.parse(JSON.stringify(head)))
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    if (JSON.stringify(parsed.document) !== JSON.stringify(head)) throw new Error('it is not in canonical form')
    const again = seen(list, day(index), lingerDays * dayMs, head)
    if (again.kind !== 'unchanged') throw new Error(`the list of day ${index} is ${again.kind} when it is seen again`)
    all.push(head)
  }
  return all
}

t.test('what lingers mentions only what is still there', async (t) => {
  const mail = host('mail.example', { until: '2026-03-03' })
  const [, next, last] = heads(
    [
      [
        requirement('a', [
          mail,
          address('192.0.2.1', { serves: ['mail.example'], replacedBy: ['192.0.2.9'] }),
          address('192.0.2.9')
        ])
      ],
      [requirement('a', [mail, address('192.0.2.9')])],
      [requirement('a', [host('other.example')])]
    ],
    7
  )
  t.match(next?.requirements[0]?.endpoints, [{}, { value: '192.0.2.1', serves: ['mail.example'] }, {}])
  const [lingering] = last?.requirements[0]?.endpoints.filter((each) => each.kind === 'address') ?? []
  t.match(lingering, { value: '192.0.2.1', replacedBy: ['192.0.2.9'] })
  t.notOk(lingering && 'serves' in lingering, 'its host has ended')
})

t.test('a requirement that lingers gives up the former keys that others have', async (t) => {
  const renamed = requirement('b', [address('192.0.2.1')], { previousKeys: ['a'] })
  const [, , last] = heads(
    [[requirement('a', [address('192.0.2.1')])], [renamed], [requirement('a', [address('192.0.2.2')])]],
    7
  )
  t.match(last?.requirements, [{ key: 'a' }, { key: 'b', endpoints: [{ value: '192.0.2.1', until: /./ }] }])
  t.notOk(last?.requirements.some(({ previousKeys }) => previousKeys))
})

t.test('two requirements that become one keep the rows of both until they end', async (t) => {
  const [, merged] = heads(
    [
      [requirement('a', [address('192.0.2.1')]), requirement('b', [address('192.0.2.1'), address('192.0.2.2')])],
      [requirement('b', [address('192.0.2.3')], { previousKeys: ['a'] })]
    ],
    7
  )
  t.match(merged?.requirements, [
    { key: 'b', endpoints: [{ value: '192.0.2.1' }, { value: '192.0.2.2' }, { value: '192.0.2.3' }] }
  ])
})

t.test('whatever lists say one after the other, what is published passes the parser', async () => {
  const hosts = ['a.example', 'b.example']
  const addresses = ['192.0.2.1', '192.0.2.2', '192.0.2.3']
  const keys = ['k', 'l', 'm']
  const some = <Item>(items: readonly Item[]) => fc.subarray([...items])
  const lifetime = fc.record(
    { from: fc.constantFrom('2026-03-02', '2026-03-04'), until: fc.constantFrom('2026-03-05', '2026-03-09') },
    { requiredKeys: [] }
  )
  const list = fc
    .record({
      keys: fc.subarray(keys, { minLength: 1 }),
      groups: fc.array(fc.record({ hosts: some(hosts), addresses: some(addresses) }), { minLength: 3, maxLength: 3 }),
      bounds: fc.array(lifetime, { minLength: 15, maxLength: 15 }),
      mentions: fc.array(fc.record({ serves: some(hosts), replacedBy: some(addresses) }), {
        minLength: 9,
        maxLength: 9
      }),
      claimed: fc.boolean()
    })
    .map(({ keys: listed, groups, bounds, mentions, claimed }): readonly Written[] => {
      const named = listed.map((_, index) => groups[index] ?? { hosts: [], addresses: [] })
      const has = (field: 'hosts' | 'addresses', value: string) => named.some((group) => group[field].includes(value))
      const [free] = keys.filter((key) => !listed.includes(key))
      return listed.map((key, at) => {
        const group = named[at]
        const rows = [
          ...(group?.hosts ?? []).map((value, index) => host(value, bounds[5 * at + index])),
          ...(group?.addresses ?? []).map((value, index) => {
            const { serves = [], replacedBy = [] } = mentions[3 * at + index] ?? {}
            const [served, others] = [
              serves.filter((each) => has('hosts', each)),
              replacedBy.filter((each) => has('addresses', each))
            ]
            return address(value, {
              ...bounds[5 * at + 2 + index],
              ...(served.length > 0 && { serves: served }),
              ...(others.length > 0 && { replacedBy: others })
            })
          })
        ]
        return requirement(key, rows, claimed && at === 0 && free !== undefined ? { previousKeys: [free] } : {})
      })
    })
  fc.assert(
    fc.property(fc.array(list, { minLength: 2, maxLength: 8 }), fc.constantFrom(0, 1, 7), (lists, lingerDays) => {
      heads(lists, lingerDays)
    })
  )
})
