import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import type { HistoryRow } from '../../../src/domain/history/history.ts'
import { lookupKey } from '../../../src/domain/lookup/lookup-index.ts'
import { addresses, documentOf, publicationOf, publishAll, requirementOf } from '../support/documents.ts'
import type { Contract } from './use.ts'

const wildcard: Endpoint = { kind: 'host', value: '*.example.net' }
const host: Endpoint = { kind: 'host', value: 'a.example.net' }
const net: Endpoint = { kind: 'address', value: '192.0.2.0/24' }
const single: Endpoint = { kind: 'address', value: '192.0.2.9', until: '2030-01-01T00:00:00Z' }
const role: Endpoint = { kind: 'role', value: 'syslog-server', title: 'Syslog' }
const feed: Endpoint = { kind: 'feed', value: 'mail', url: 'https://example.net/f' }
const any: Endpoint = { kind: 'any' }

export function findContract({ test }: Contract): void {
  test('endpoints are found by key and by range, past ones too, each once and in total order', async (t, store) => {
    await publishAll(store, [
      documentOf([requirementOf('b', [host, net, single]), requirementOf('a', [net])]),
      documentOf([requirementOf('b', [host, net]), requirementOf('a', [])])
    ])
    await store.commit(publicationOf(undefined, documentOf([requirementOf('z', [net])], { id: 'a-gateway' }), 1))

    const exact = await store.findEndpoints({ keys: [keyOf(net)], ranges: [] })
    t.same(exact.map(brief), ['a-gateway z 192.0.2.0/24 1-', 'gateway a 192.0.2.0/24 1-2', 'gateway b 192.0.2.0/24 1-'])
    const range = { from: keyOf(net), to: Buffer.of(4, 192, 0, 3) }
    const both = await store.findEndpoints({ keys: [keyOf(net), keyOf(net)], ranges: [range, range] })
    t.same(both.map(brief), [
      'a-gateway z 192.0.2.0/24 1-',
      'gateway a 192.0.2.0/24 1-2',
      'gateway b 192.0.2.0/24 1-',
      'gateway b 192.0.2.9 1-2'
    ])
    t.strictSame(both[3], { catalogue: 'gateway', since: 1, until: 2, requirement: 'b', endpoint: single })
    t.same(await store.findEndpoints({ keys: [keyOf(wildcard)], ranges: [] }), [])
    t.same(await store.findEndpoints({ keys: [], ranges: [] }), [])
    const open = { from: keyOf(net), to: keyOf(net) }
    t.same(await store.findEndpoints({ keys: [], ranges: [open] }), [], 'the end of a range is not in it')
  })

  test('the rows of the newest revision are counted, without those of the past and of other catalogues', async (t, store) => {
    await publishAll(store, [
      documentOf([requirementOf('b', [host, net, single]), requirementOf('a', [net])]),
      documentOf([requirementOf('b', [host, net]), requirementOf('a', [])])
    ])
    await store.commit(publicationOf(undefined, documentOf([requirementOf('z', [net])], { id: 'a-gateway' }), 1))
    t.strictSame(
      [await store.headRows('gateway'), await store.headRows('a-gateway'), await store.headRows('none')],
      [2, 1, 0]
    )
  })

  test('a thousand keys and a thousand ranges are one question', async (t, store) => {
    const list = addresses(1100)
    await publishAll(store, [documentOf([requirementOf('a', [...list, host])])])
    const keys = list.map(keyOf)
    t.equal((await store.findEndpoints({ keys, ranges: [] })).length, 1100)
    const ranges = keys.map((from) => ({ from, to: Buffer.concat([from, Buffer.of(0)]) }))
    t.equal((await store.findEndpoints({ keys: [], ranges })).length, 1100)
  })

  test('a part of a document has the requirements that are named', async (t, store) => {
    const [a, b] = [requirementOf('a', addresses(3)), requirementOf('b', [net, host])]
    await publishAll(store, [documentOf([b, a]), documentOf([b])])
    const whole = await store.document('gateway', 1)
    t.same(await store.documentPart('gateway', 1, ['a', 'none']), { ...whole, requirements: [whole.requirements[1]] })
    t.same((await store.documentPart('gateway', 2, ['a'])).requirements, [])
  })

  test('a range is read in parts, each key whole', async (t, store) => {
    await publishAll(store, [
      documentOf([
        requirementOf('a', [...addresses(10), net]),
        requirementOf('b', [net]),
        requirementOf('c', [net, host])
      ]),
      documentOf([requirementOf('a', addresses(10)), requirementOf('b', [net])])
    ])
    const everything = { from: Buffer.of(0x04), to: Buffer.of(0x11) }
    for (const limit of [1, 2, 3, 7, 100]) {
      const found: string[] = []
      let from: Uint8Array | undefined = everything.from
      while (from) {
        const part: Awaited<ReturnType<typeof store.findEndpointsIn>> = await store.findEndpointsIn(
          { from, to: everything.to },
          limit
        )
        found.push(...part.rows.map(brief))
        from = part.next
      }
      t.equal(new Set(found).size, 14, `by ${limit}`)
      t.equal(found.length, 14)
    }
  })

  test('what has no address or name is found apart', async (t, store) => {
    await publishAll(store, [
      documentOf([requirementOf('a', [role, any, net]), requirementOf('b', [feed, any, wildcard])]),
      documentOf([requirementOf('b', [feed])])
    ])
    t.same((await store.findUnaddressed()).map(brief), [
      'gateway a  1-2',
      'gateway a syslog-server 1-2',
      'gateway b  1-2',
      'gateway b mail 1-'
    ])
  })

  test('rows are found by requirement, in one catalogue', async (t, store) => {
    await publishAll(store, [
      documentOf([requirementOf('a', [net]), requirementOf('b', [host])]),
      documentOf([requirementOf('a', [net, single], 'Renamed'), requirementOf('b', [host])])
    ])
    await store.commit(publicationOf(undefined, documentOf([requirementOf('a', [host])], { id: 'other' }), 1))
    const named = [
      { catalogue: 'gateway', key: 'a' },
      { catalogue: 'other', key: 'b' },
      { catalogue: 'none', key: 'a' }
    ]
    t.same((await store.findEndpointsOf(named)).map(brief), ['gateway a 192.0.2.0/24 1-', 'gateway a 192.0.2.9 2-'])
    t.same(await store.findEndpointsOf([]), [])
    const requirements = (list: Awaited<ReturnType<typeof store.findRequirements>>) =>
      list.map(
        ({ catalogue, since, until, fields }) => `${catalogue} ${fields.key} ${fields.title} ${since}-${until ?? ''}`
      )
    t.same(requirements(await store.findRequirements(named)), ['gateway a Renamed 2-', 'gateway a a 1-2'].reverse())
    t.same(requirements(await store.findRequirements()), [
      'gateway a a 1-2',
      'gateway a Renamed 2-',
      'gateway b b 1-',
      'other a a 1-'
    ])
    t.same(await store.findRequirements([]), [])
  })
}

function keyOf(endpoint: Endpoint): Uint8Array {
  const key = lookupKey(endpoint)
  if (!key) throw new Error(`${endpoint.kind} has no key`)
  return key
}

function brief({ catalogue, requirement, endpoint, since, until }: HistoryRow): string {
  return `${catalogue} ${requirement} ${'value' in endpoint ? endpoint.value : ''} ${since}-${until ?? ''}`
}
