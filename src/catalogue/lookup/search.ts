import { type HistoryRow, standsIn } from '../../domain/history/history.ts'
import { indexQuery, type KeyRange, lookupSpan } from '../../domain/lookup/lookup-index.ts'
import {
  parseSearch,
  type SearchWord,
  searchCatalogue,
  searchEndpoint,
  searchRequirement
} from '../../domain/lookup/search.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import { type ViewEndpoint, withStatus } from '../../domain/view/view.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { listedHeadsAt } from '../read/catalogue-list.ts'
import { requirementRows } from '../read/requirement-rows.ts'
import type { LookupClocks } from './places.ts'

type Sources = Pick<Catalogues, 'store' | 'heads' | 'cache' | 'now'>

/** A catalogue, requirement or endpoint that has all words of a search. */
export type SearchHit = {
  readonly catalogue: string
  /** The names of the fields that have the words. */
  readonly fields: readonly string[]
} & (
  | { readonly type: 'catalogue'; readonly title: string }
  | { readonly type: 'requirement'; readonly requirement: string; readonly title: string }
  | {
      readonly type: 'endpoint'
      readonly requirement: string
      readonly title: string
      readonly endpoint: ViewEndpoint
    }
)

export interface Search {
  readonly hits: readonly SearchHit[]
  readonly hasMore: boolean
  /** The next instant at which the clock may change the answer. */
  readonly validUntil?: Instant
}

/** How many endpoint rows are read at once. */
const rowsAtOnce = 500

/**
 * Searches the newest revisions at the clocks: first catalogues, then requirements, then endpoints, each by catalogue. As soon as there is
 * one more than is asked for, nothing more is read.
 * @throws PortolanError `invalid_parameter`, `time_out_of_range`
 */
export async function search(
  sources: Sources,
  text: string,
  clocks: LookupClocks,
  { offset, limit }: { readonly offset: number; readonly limit: number }
): Promise<Search> {
  const words = parseSearch(text)
  const heads = await listedHeadsAt(sources, clocks)
  const found: SearchHit[] = []
  for await (const hit of hitsIn(sources, heads, words, clocks.instant)) {
    found.push(hit)
    if (found.length > offset + limit) break
  }
  const hits = found.slice(offset, offset + limit)
  const ends = hits.some(({ type }) => type === 'endpoint')
    ? heads.flatMap(({ revision }) => intervalAt(revision.transitions, clocks.instant).validUntil ?? [])
    : []
  return {
    hits,
    hasMore: found.length > offset + limit,
    ...(ends.length > 0 && { validUntil: ends.reduce((a, b) => Math.min(a, b)) })
  }
}

async function* hitsIn(
  sources: Sources,
  heads: readonly Head[],
  words: readonly SearchWord[],
  instant: Instant
): AsyncGenerator<SearchHit> {
  for (const { revision } of heads) {
    const { catalogue, number } = revision
    const profile = await sources.store.profile(catalogue, number)
    const fields = searchCatalogue(catalogue, profile, words)
    if (fields) yield { type: 'catalogue', catalogue, title: profile.title, fields }
  }
  for (const { revision } of heads) {
    const { catalogue } = revision
    for (const { key, title, fields } of await searchedRequirements(sources, revision, words))
      yield { type: 'requirement', catalogue, requirement: key, title, fields }
  }
  const numbers = new Map(heads.map(({ revision }) => [revision.catalogue, revision.number]))
  const seen = new Set<string>()
  for await (const rows of endpointRows(sources, heads, words)) {
    for (const row of rows) {
      if (!standsIn(row, numbers.get(row.catalogue) ?? 0)) continue
      const fields = searchEndpoint(row.endpoint, words)
      const id = JSON.stringify([row.catalogue, row.requirement, row.endpoint, row.since])
      if (!fields || seen.has(id)) continue
      seen.add(id)
      yield await endpointHit(sources, row, numbers.get(row.catalogue) ?? 0, fields, instant)
    }
  }
}

async function searchedRequirements(
  sources: Sources,
  revision: { readonly catalogue: string; readonly number: number },
  words: readonly SearchWord[]
): Promise<readonly { readonly key: string; readonly title: string; readonly fields: readonly string[] }[]> {
  const rows = await requirementRows(sources, newestOf(sources, revision.catalogue))
  return rows.flatMap((row) => {
    if (!standsIn(row, revision.number)) return []
    const fields = searchRequirement(row.fields, words)
    return fields ? [{ key: row.fields.key, title: row.fields.title, fields }] : []
  })
}

function newestOf({ heads }: Sources, catalogue: string): { readonly catalogue: string; readonly number: number } {
  return { catalogue, number: heads.get(catalogue)?.revision.number ?? 0 }
}

async function endpointHit(
  sources: Sources,
  { catalogue, requirement, endpoint }: HistoryRow,
  number: number,
  fields: readonly string[],
  instant: Instant
): Promise<SearchHit> {
  const rows = await requirementRows(sources, newestOf(sources, catalogue))
  const title = rows.find((row) => row.fields.key === requirement && standsIn(row, number))?.fields.title ?? requirement
  return { type: 'endpoint', catalogue, requirement, title, endpoint: withStatus(endpoint, instant), fields }
}

/**
 * Endpoint rows among which are all that have the words, past ones too. An address or a name is found by the index of values, since what
 * covers it need not have its text.
 */
async function* endpointRows(
  { store }: Sources,
  heads: readonly Head[],
  words: readonly SearchWord[]
): AsyncGenerator<readonly HistoryRow[]> {
  const target = words.find((word) => word.target)?.target
  if (target) {
    const { keys, covering } = indexQuery(target)
    yield await store.findEndpoints({ keys, ranges: covering })
    const below = 'family' in target || target.value.startsWith('*.') ? target : { value: `*.${target.value}` }
    let rest: KeyRange | undefined = lookupSpan(below).range
    while (rest) {
      const part: Awaited<ReturnType<typeof store.findEndpointsIn>> = await store.findEndpointsIn(rest, rowsAtOnce)
      yield part.rows
      rest = part.next && { from: part.next, to: rest.to }
    }
  }
  const texts = words.map(({ text }) => text)
  for (const { revision } of heads) {
    let after: { readonly since: number; readonly place: number } | undefined = { since: 0, place: 0 }
    while (after) {
      const part: Awaited<ReturnType<typeof store.findEndpointsWith>> = await store.findEndpointsWith(
        revision.catalogue,
        texts,
        { after, limit: rowsAtOnce }
      )
      yield part.rows
      after = part.next
    }
  }
}
