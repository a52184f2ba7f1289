import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import t from 'tap'
import { type Endpoint, valueKey } from '../../../src/domain/document/endpoint.ts'
import { compareEndpoints } from '../../../src/domain/document/endpoint-order.ts'
import { canonicalJson } from '../../../src/domain/json/canonical-json.ts'
import type { FeedContent } from '../../../src/domain/reference/resolution.ts'
import { type Merged, mergeSite } from '../../../src/domain/site/merge.ts'
import type { SiteDocument } from '../../../src/domain/site/site-document.ts'
import { isLive, lifetimeOf, statusAt } from '../../../src/domain/view/lifetime.ts'
import type { Viewable, ViewableRequirement } from '../../../src/domain/view/view.ts'
import { fc, runs } from '../../support/scale.ts'
import { arbitraryCatalogue, arbitraryFeed, arbitrarySite, bounds, feedUrl } from './support/arbitrary-site.ts'
import { cellStarts, naiveMerge } from './support/naive-merge.ts'

const farAway = Date.UTC(2090, 0, 1)
const bare = { id: 'site', title: 'Site', timeZone: 'UTC', bindings: [], overlays: [], unbound: 'omit' } as const

const drawn = fc.tuple(arbitrarySite, arbitraryCatalogue('left'), arbitraryCatalogue('right'), arbitraryFeed)

function merged(site: SiteDocument, documents: readonly Viewable[], feedRows: readonly Endpoint[]): Merged {
  const content: FeedContent = {
    feed: { catalogue: 'list', revision: 7 },
    others: [],
    fields: [],
    requirements: [{ ...(documents[0]?.requirements[0] as ViewableRequirement), endpoints: feedRows }]
  }
  const parts = new Map(documents.map((document) => [document.id, { revision: 3, document }]))
  return mergeSite({ site, revision: 5, parts, contentOf: (url) => (url === feedUrl ? content : undefined) })
}

/** What holds at an instant, as the naive merge tells it. */
function holdingAt({ document }: Merged, instant: number): readonly string[] {
  return document.requirements
    .flatMap(({ catalogue, key, endpoints }) =>
      endpoints
        .filter((endpoint) => isLive(statusAt(endpoint, instant)))
        .map((endpoint) => {
          const name = endpoint.kind === 'any' ? 'any' : `${endpoint.kind} ${endpoint.value}`
          return `${catalogue}/${key} ${name}${endpoint.source ? ` <- ${endpoint.source.join(' ')}` : ''}`
        })
    )
    .sort()
}

t.test('at each bound, and a second before it, holds what a merge without rows says', async (t) => {
  let held = 0
  fc.assert(
    fc.property(drawn, ([site, left, right, feedRows]) => {
      const found = merged(site, [left, right], feedRows)
      const expected = naiveMerge(site, [left, right], feedRows)
      for (const [index, start] of cellStarts.entries()) {
        const next = bounds[index]
        const end = next === undefined ? farAway : next - 1_000
        for (const instant of start === Number.NEGATIVE_INFINITY ? [end] : [start, end])
          deepStrictEqual(holdingAt(found, instant), expected[index], new Date(instant).toISOString())
        held += expected[index]?.length ?? 0
      }
    }),
    { numRuns: runs(600) }
  )
  t.ok(held > 0)
})

t.test('the order of bindings, values and overlays makes no difference: the bytes are equal', async () => {
  fc.assert(
    fc.property(drawn, fc.integer(), ([site, left, right, feedRows], seed) => {
      const turned = {
        ...site,
        bindings: shuffled(site.bindings, seed).map((binding) => ({
          ...binding,
          values: shuffled(binding.values, seed)
        })),
        overlays: shuffled(site.overlays, seed)
      }
      const [first, second] = [site, turned].map((each) => canonicalJson(merged(each, [left, right], feedRows)))
      equal(second, first)
    }),
    { numRuns: runs(150) }
  )
})

t.test('a value stands once in a requirement at each instant, in order', async () => {
  fc.assert(
    fc.property(drawn, ([site, left, right, feedRows]) => {
      for (const { endpoints } of merged(site, [left, right], feedRows).document.requirements)
        for (const [index, endpoint] of endpoints.entries()) {
          const { from = 0, until = Number.POSITIVE_INFINITY } = lifetimeOf(endpoint)
          ok(from < until)
          const before = endpoints[index - 1]
          if (!before) continue
          ok(compareEndpoints(before, endpoint) < 0)
          if (valueKey(before) === valueKey(endpoint))
            ok((lifetimeOf(before).until ?? Number.POSITIVE_INFINITY) <= (lifetimeOf(endpoint).from ?? 0))
        }
    }),
    { numRuns: runs(150) }
  )
})

t.test('an overlay that has ended leaves no trace in what holds', async () => {
  fc.assert(
    fc.property(drawn, ([site, left, right, feedRows]) => {
      const latest = Math.max(...site.overlays.map(({ until }) => Date.parse(until)), 0)
      const without = merged({ ...site, overlays: [] }, [left, right], feedRows)
      const found = merged(site, [left, right], feedRows)
      for (const instant of [...bounds, farAway].filter((each) => each >= latest))
        deepStrictEqual(plainAt(found, instant), plainAt(without, instant))
    }),
    { numRuns: runs(150) }
  )
})

t.test('a site without bindings and overlays has the rows of its catalogues', async () => {
  fc.assert(
    fc.property(drawn, ([{ catalogues }, left, right]) => {
      const site: SiteDocument = { ...bare, catalogues: catalogues.map(({ id }) => ({ id })) }
      const parts = new Map([left, right].map((document) => [document.id, { revision: 3, document }]))
      const { document } = mergeSite({ site, revision: 5, parts })
      const expected = [left, right].flatMap(({ id, requirements }) =>
        requirements.map((each) => ({ catalogue: id, ...each, endpoints: [...each.endpoints].sort(compareEndpoints) }))
      )
      const plain = document.requirements.map((each) => ({
        ...each,
        endpoints: each.endpoints.map(({ origin, ...endpoint }) => {
          deepStrictEqual(origin, { kind: 'catalogue', ref: each.catalogue, revision: 3 })
          return endpoint
        })
      }))
      deepStrictEqual(plain, expected)
    }),
    { numRuns: runs(100) }
  )
})

/** The items in another order, which depends on the seed alone. */
function shuffled<T>(items: readonly T[], seed: number): readonly T[] {
  return items
    .map((item, index) => ({ item, place: Math.sin(seed + index) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}

/** The same without references to feeds: whether one is left out depends on what its rows ever do. */
function plainAt(found: Merged, instant: number): readonly string[] {
  return holdingAt(found, instant).filter((line) => !line.includes(' feed '))
}
