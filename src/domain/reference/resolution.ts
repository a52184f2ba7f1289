import type { Endpoint } from '../document/endpoint.ts'
import { valueKey } from '../document/endpoint.ts'
import { isSelected, keptValues, type SelectField } from '../feed/select.ts'
import type { FeedOutcome, FeedRef, ResolvedEndpoint, Viewable, ViewableRequirement, ViewFeed } from '../view/view.ts'
import { commonStretch, type Stretch, withoutStretches } from './interval-set.ts'
import { inRowOrder, lasting, stretchOf } from './row-stretch.ts'

/** The most rows of a feed that stand in the place of a reference without `select`. */
const mostUnselectedRows = 1000

type FeedEndpoint = Extract<Endpoint, { readonly kind: 'feed' }>

/** A feed at one revision of the catalogue that publishes it. */
export interface FeedContent {
  readonly feed: FeedRef
  /** Other catalogues that publish the same feed. */
  readonly others: readonly string[]
  /** What `select` knows of it. */
  readonly fields: readonly SelectField[]
  readonly requirements: readonly ViewableRequirement[]
}

export interface Resolved<Whole = Viewable> {
  readonly document: Whole
  /** What became of the references, in the order of the document. */
  readonly feeds: readonly ViewFeed[]
}

/**
 * Puts the rows of feeds in the place of the references to them. A value stands once in a requirement at each instant: rows of one value are
 * joined, and what the requirement names itself goes before. A reference without rows stays, marked as left out. `contentOf`: the feed of a
 * URL, if a catalogue publishes it.
 */
export function resolveFeeds<Whole extends Pick<Viewable, 'requirements'>>(
  document: Whole,
  contentOf: (url: string) => FeedContent | undefined
): Resolved<Whole> {
  const feeds: ViewFeed[] = []
  const requirements = document.requirements.map((requirement) => {
    if (!requirement.endpoints.some(({ kind }) => kind === 'feed')) return requirement
    const found = resolveRequirement(requirement, contentOf)
    feeds.push(...found.feeds)
    return { ...requirement, endpoints: found.endpoints }
  })
  return { document: { ...document, requirements }, feeds }
}

/** A row of a feed at the times at which the reference holds, too. */
interface TakenRow {
  readonly endpoint: Endpoint
  readonly feed: FeedRef
  readonly stretch: Stretch
}

/** The endpoints of one requirement with the rows of feeds among them. `most`: the most rows that stand in the place of a reference without `select`. */
export function resolveRequirement(
  { key, catalogue, endpoints }: Pick<ViewableRequirement, 'key' | 'catalogue' | 'endpoints'>,
  contentOf: (url: string) => FeedContent | undefined,
  most = mostUnselectedRows
): { readonly endpoints: readonly ResolvedEndpoint[]; readonly feeds: readonly ViewFeed[] } {
  const kept: ResolvedEndpoint[] = []
  const feeds: ViewFeed[] = []
  const taken = new Map<string, TakenRow[]>()
  for (const endpoint of endpoints) {
    if (endpoint.kind !== 'feed') {
      kept.push(endpoint)
      continue
    }
    const content = contentOf(endpoint.url)
    const rows = content ? rowsFor(endpoint, content, most) : []
    if (rows === 'unbounded' || rows.length === 0) {
      const leftOut = toldOf({ key, catalogue }, endpoint, content, rows === 'unbounded' ? rows : 'unresolved')
      feeds.push(leftOut)
      kept.push({ ...endpoint, leftOut })
      continue
    }
    feeds.push(toldOf({ key, catalogue }, endpoint, content, 'resolved'))
    for (const row of rows) {
      const value = valueKey(row.endpoint)
      const list = taken.get(value)
      if (list) list.push(row)
      else taken.set(value, [row])
    }
  }
  const own = stretchesByValue(kept)
  const added = [...taken].flatMap(([value, rows]) => joinedRows(rows, own.get(value) ?? []))
  return { endpoints: inRowOrder([...kept, ...added]), feeds }
}

function toldOf<Outcome extends FeedOutcome>(
  { key, catalogue }: Pick<ViewableRequirement, 'key'> & { readonly catalogue: string | undefined },
  { value, url }: FeedEndpoint,
  content: FeedContent | undefined,
  outcome: Outcome
): ViewFeed<Outcome> {
  return {
    ...(catalogue !== undefined && { catalogue }),
    requirement: key,
    value,
    url,
    outcome,
    ...(content && { feed: content.feed }),
    ...(content && content.others.length > 0 && { others: content.others })
  }
}

function rowsFor(
  reference: FeedEndpoint,
  { feed, fields, requirements }: FeedContent,
  most: number
): readonly TakenRow[] | 'unbounded' {
  const { select } = reference
  if (select === undefined && rowCount(requirements) > most) return 'unbounded'
  const holds = stretchOf(reference)
  const rows: TakenRow[] = []
  for (const requirement of requirements)
    for (const endpoint of requirement.endpoints) {
      // Feeds of feeds are not followed: what they would open is not said where the reference stands.
      if (endpoint.kind === 'feed' || !takesRow(reference, fields, requirement, endpoint)) continue
      const stretch = commonStretch(holds, stretchOf(endpoint))
      if (stretch) rows.push({ endpoint, feed, stretch })
    }
  return rows
}

function rowCount(requirements: readonly ViewableRequirement[]): number {
  return requirements.reduce((sum, { endpoints }) => sum + endpoints.length, 0)
}

/** Whether a reference takes a row of its feed. */
function takesRow(
  { select }: Pick<FeedEndpoint, 'select'>,
  fields: readonly SelectField[],
  requirement: Omit<ViewableRequirement, 'endpoints'>,
  endpoint: Endpoint
): boolean {
  return select === undefined || isSelected(select, (field) => keptValues(fields, field, requirement, endpoint))
}

/** The rows of one value as one row for each stretch in which it holds, without those in which the requirement names it itself. */
function joinedRows(rows: readonly TakenRow[], own: readonly Stretch[]): readonly ResolvedEndpoint[] {
  const [first] = rows
  if (!first) return []
  const stretches = withoutStretches(
    rows.map(({ stretch }) => stretch),
    own
  )
  const endpoint = rows.length === 1 ? first.endpoint : rows.map((row) => row.endpoint).reduce(joined)
  return stretches.map((stretch) => ({ ...lasting(endpoint, stretch), basis: 'feed', feed: first.feed }))
}

/** Two rows of one value. Remarks that differ say which row they are about no longer, and are left out. */
function joined(a: Endpoint, b: Endpoint): Endpoint {
  const { remarks, ...rest } = a
  const tags = either(a.tags, b.tags)
  const replacedBy = either(a.replacedBy, b.replacedBy)
  const serves = a.kind === 'address' && b.kind === 'address' ? either(a.serves, b.serves) : undefined
  // Taking the union apart loses which fields go with which kind. No field was added that the kind does not have.
  return {
    ...rest,
    ...(serves && { serves }),
    ...(replacedBy && { replacedBy }),
    ...(remarks !== undefined && remarks === b.remarks && { remarks }),
    ...(tags && { tags })
  } as Endpoint
}

function either(a: readonly string[] | undefined, b: readonly string[] | undefined): readonly string[] | undefined {
  return a && b ? [...new Set([...a, ...b])].sort() : (a ?? b)
}

function stretchesByValue(endpoints: readonly ResolvedEndpoint[]): ReadonlyMap<string, readonly Stretch[]> {
  const found = new Map<string, Stretch[]>()
  for (const endpoint of endpoints) {
    const value = valueKey(endpoint)
    found.set(value, [...(found.get(value) ?? []), stretchOf(endpoint)])
  }
  return found
}
