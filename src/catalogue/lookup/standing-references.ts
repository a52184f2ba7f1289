import { selectFieldsOf } from '../../domain/feed/adapters.ts'
import { groupBy } from '../../domain/group.ts'
import { type HistoryRow, standsIn } from '../../domain/history/history.ts'
import { distinctNames } from '../../domain/history/requirement-name.ts'
import { type FoundInFeed, isAnswered, type ReferredFeed, referredRows } from '../../domain/reference/referred-rows.ts'
import { normalSourceUrl } from '../../domain/reference/source-url.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { feedsIn } from '../heads.ts'
import { requirementRows } from '../read/requirement-rows.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

/** The references to feeds that stand in the revisions that are looked up, and the feeds, as far as a catalogue publishes them. */
export interface StandingReferences {
  readonly references: readonly HistoryRow[]
  /** By the ids of their catalogues. */
  readonly feeds: ReadonlyMap<string, ReferredFeed>
  /** The number of the revision of each catalogue. */
  readonly known: ReadonlyMap<string, number>
}

export async function standingReferences({ store }: Sources, heads: readonly Head[]): Promise<StandingReferences> {
  const known = new Map(heads.map(({ revision }) => [revision.catalogue, revision.number]))
  const byUrl = feedsIn(heads)
  const standing =
    byUrl.size === 0
      ? []
      : (await store.findUnaddressed()).filter((row) => urlOf(row) !== undefined && isKnown(known, row))
  const feeds = new Map<string, ReferredFeed>()
  for (const url of new Set(standing.flatMap((row) => urlOf(row) ?? []))) {
    const [catalogue] = byUrl.get(url) ?? []
    const revision = heads.find((head) => head.revision.catalogue === catalogue)?.revision
    if (!revision) continue
    const fields = selectFieldsOf(revision.source?.adapter ?? '')
    feeds.set(revision.catalogue, { url, catalogue: revision.catalogue, revision: revision.number, fields })
  }
  const urls = new Set([...feeds.values()].map(({ url }) => url))
  return { references: standing.filter((row) => urls.has(urlOf(row) ?? '')), feeds, known }
}

/** The rows that found rows of feeds are in the requirements that refer to the feeds. */
export async function rowsOfReferrers(
  { store }: Sources,
  { references, feeds, known }: StandingReferences,
  found: readonly HistoryRow[]
): Promise<readonly HistoryRow[]> {
  if (feeds.size === 0) return []
  const standing = found.filter((row) => isKnown(known, row))
  const inFeeds = [...groupBy(standing, ({ catalogue }) => catalogue)].flatMap(([catalogue, endpoints]) => {
    const feed = feeds.get(catalogue)
    return feed ? [{ feed, endpoints }] : []
  })
  if (inFeeds.length === 0) return []
  const content: FoundInFeed[] = []
  for (const { feed, endpoints } of inFeeds) {
    const names = endpoints.map(({ catalogue, requirement }) => ({ catalogue, key: requirement }))
    const requirements = (await store.findRequirements(distinctNames(names))).filter((row) => isKnown(known, row))
    content.push({ feed, endpoints, requirements })
  }
  return referredRows(references, standing, content)
}

/** Rows without the references in whose place it is known which rows stand. */
export async function withoutAnswered(
  sources: Sources,
  { references, feeds }: StandingReferences,
  rows: readonly HistoryRow[]
): Promise<readonly HistoryRow[]> {
  const byUrl = new Map([...feeds.values()].map((feed) => [feed.url, feed]))
  const answered = new Set<string>()
  for (const row of references) {
    const feed = byUrl.get(urlOf(row) ?? '')
    if (!feed) continue
    const { catalogue, revision: number } = feed
    const requirements = (await requirementRows(sources, { catalogue, number }))
      .filter((each) => standsIn(each, number))
      .map(({ fields }) => fields)
    if (isAnswered(row.endpoint, feed, requirements)) answered.add(rowKey(row))
  }
  return rows.filter((row) => !answered.has(rowKey(row)))
}

function isKnown(known: StandingReferences['known'], row: HistoryRow | FoundInFeed['requirements'][number]): boolean {
  const number = known.get(row.catalogue)
  return number !== undefined && standsIn(row, number)
}

/** The URL of the feed to which a row refers, in normal form; undefined where it refers to none. */
function urlOf({ endpoint }: HistoryRow): string | undefined {
  return endpoint.kind === 'feed' ? normalSourceUrl(endpoint.url) : undefined
}

function rowKey({ catalogue, requirement, since, endpoint }: HistoryRow): string {
  return JSON.stringify([catalogue, requirement, since, endpoint])
}
