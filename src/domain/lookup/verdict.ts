import { groupBy } from '../group.ts'
import type { Instant } from '../time/instant.ts'
import { isLive, lifetimeOf } from '../view/lifetime.ts'
import type { LookupFinding } from './lookup-answer.ts'

/** Whether a rule for the value that was looked up may be removed. */
export type RuleVerdict =
  /** It may not: a place needs the value now. `others`: how many other requirements need it. `ended`: a catalogue that needs it no longer. */
  | { readonly kind: 'needed'; readonly by: LookupFinding; readonly others: number; readonly ended?: CatalogueEnd }
  /** It may not: a place will need it. `until`: how long others still need it before. */
  | { readonly kind: 'planned'; readonly by: LookupFinding; readonly from: Instant; readonly until?: Instant }
  /** It may from this instant on. `open`: live places of which nobody here can say whether they are the value. */
  | {
      readonly kind: 'retiring'
      readonly by: LookupFinding
      readonly until: Instant
      readonly replacedBy: readonly string[]
      readonly open: readonly LookupFinding[]
    }
  /** Only roles, feeds and `any` use the port: nobody here knows their addresses. */
  | { readonly kind: 'open'; readonly open: readonly LookupFinding[] }
  /** It may: all places have ended, the last one at this instant. */
  | { readonly kind: 'retired'; readonly by: LookupFinding; readonly at: Instant }
  | { readonly kind: 'unknown' }

interface CatalogueEnd {
  readonly catalogue: string
  readonly at: Instant
}

/**
 * The most careful verdict that the places of a value give: whatever may need it outweighs what does not. `endOf`: when a retired place ended.
 * The places come in the order in which a look-up answers them.
 */
export function judge(places: readonly LookupFinding[], endOf: (place: LookupFinding) => Instant): RuleVerdict {
  const named = places.filter((place) => !isOpen(place))
  const open = places.filter((place) => isOpen(place) && isLive(place.status))
  const [active] = named.filter(({ status }) => status === 'active')
  if (active) return needed(active, named, endOf)
  const until = latest(named.filter(({ status }) => status === 'retiring').map((by) => ({ by, at: untilOf(by) })))
  const planned = latest(named.filter(({ status }) => status === 'planned').map((by) => ({ by, at: -fromOf(by) })))
  if (planned)
    return { kind: 'planned', by: planned.by, from: -planned.at, ...(until !== undefined && { until: until.at }) }
  if (until) {
    const replacedBy = new Set(named.filter(({ status }) => status === 'retiring').flatMap(replacedByOf))
    return { kind: 'retiring', by: until.by, until: until.at, replacedBy: [...replacedBy], open }
  }
  if (open.length > 0) return { kind: 'open', open }
  const ended = latest(places.map((by) => ({ by, at: endOf(by) })))
  return ended ? { kind: 'retired', ...ended } : { kind: 'unknown' }
}

/** Whether nobody here knows which addresses the place has. */
function isOpen({ match }: LookupFinding): boolean {
  return match === 'any' || match === 'role' || match === 'feed'
}

function needed(
  by: LookupFinding,
  named: readonly LookupFinding[],
  endOf: (place: LookupFinding) => Instant
): RuleVerdict {
  const requirements = new Set(named.filter(({ status }) => status === 'active').map(requirementOf))
  const ends = [...groupBy(named, ({ catalogue }) => catalogue)].flatMap(([catalogue, places]) =>
    places.every(({ status }) => status === 'retired') ? [{ catalogue, at: Math.max(...places.map(endOf)) }] : []
  )
  const ended = latest(ends)
  return { kind: 'needed', by, others: requirements.size - 1, ...(ended && { ended }) }
}

function requirementOf({ catalogue, requirement }: LookupFinding): string {
  return `${catalogue}\n${requirement.key}`
}

function untilOf({ endpoint }: LookupFinding): Instant {
  return (endpoint && lifetimeOf(endpoint).until) ?? Number.POSITIVE_INFINITY
}

function fromOf({ endpoint }: LookupFinding): Instant {
  return (endpoint && lifetimeOf(endpoint).from) ?? Number.NEGATIVE_INFINITY
}

function replacedByOf({ endpoint }: LookupFinding): readonly string[] {
  return endpoint?.replacedBy ?? []
}

function latest<Item extends { readonly at: Instant }>(items: readonly Item[]): Item | undefined {
  return items.reduce<Item | undefined>((last, item) => (last && last.at >= item.at ? last : item), undefined)
}
