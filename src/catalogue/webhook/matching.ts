import type { LoggedEvent } from '../../domain/event/event.ts'
import {
  looksInside,
  namesEvent,
  type SubscriptionFilter,
  subscriptionMatches
} from '../../domain/webhook/subscription-filter.ts'
import type { EventQuery } from '../../store/store.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { subjectsOf } from './subjects.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

/** How many events are matched together. */
const pageSize = 50

/** Whether a subscription with a filter gets an event. */
export async function matchesEvent(sources: Sources, event: LoggedEvent, filter: SubscriptionFilter): Promise<boolean> {
  // This is asked of every subscription for every event, and for most the type and the catalogue decide.
  if (!namesEvent(event, filter) || !looksInside(filter)) return namesEvent(event, filter)
  const subjects = (await subjectsOf(sources, [event])).get(event.id) ?? []
  return subscriptionMatches({ ...event, subjects }, filter)
}

/** The events, among those given, that a subscription with a filter gets. */
async function matchingOf(
  sources: Sources,
  events: readonly LoggedEvent[],
  filter: SubscriptionFilter
): Promise<readonly LoggedEvent[]> {
  const named = events.filter((event) => namesEvent(event, filter))
  if (!looksInside(filter)) return named
  const subjects = await subjectsOf(sources, named)
  return named.filter((event) => subscriptionMatches({ ...event, subjects: subjects.get(event.id) ?? [] }, filter))
}

/** At most `limit` events that match, after a seq and up to another, ascending. */
export async function matchingEvents(
  sources: Sources,
  filter: SubscriptionFilter,
  { after, upTo, limit }: { readonly after: number; readonly upTo: number; readonly limit: number }
): Promise<readonly LoggedEvent[]> {
  const found: LoggedEvent[] = []
  const size = looksInside(filter) ? pageSize : limit
  for (let from = after; found.length < limit; ) {
    const page = await eventsOf(sources, { after: from, upTo, limit: size, ...byName(filter) })
    found.push(...(await matchingOf(sources, page, filter)))
    const last = page.at(-1)
    if (!last || page.length < size) break
    from = last.seq
  }
  return found.slice(0, limit)
}

/** The matching events of a part of the log. */
export interface Scan {
  readonly events: readonly LoggedEvent[]
  /** All events up to this seq were matched. */
  readonly seen: number
  readonly hasMore: boolean
}

/** At most `limit` events that match, after a seq and up to another. At most `most` events of the log are matched. */
export async function scanEvents(
  sources: Sources,
  filter: SubscriptionFilter,
  {
    after,
    upTo,
    limit,
    most
  }: { readonly after: number; readonly upTo: number; readonly limit: number; readonly most: number }
): Promise<Scan> {
  const page = await sources.store.events({ after, upTo, limit: most, ...byName(filter) })
  const matching = await matchingOf(sources, page, filter)
  const events = matching.slice(0, limit)
  // The page is full: the client reads on after its last event.
  if (matching.length > limit) return { events, seen: events.at(-1)?.seq ?? after, hasMore: true }
  const isWhole = page.length < most
  return { events, seen: isWhole ? Math.max(after, upTo) : (page.at(-1)?.seq ?? after), hasMore: !isWhole }
}

/** An event without changes weighs 600 bytes in memory (measured); a change has an endpoint before and after. */
const logged: Slot<LoggedEvent> = { name: 'event', bytes: ({ changes }) => 600 + 500 * changes.length }

/** Events of the log, which are kept: they never change, and many subscriptions ask for the same events at about the same time. */
async function eventsOf({ store, cache }: Sources, query: EventQuery): Promise<readonly LoggedEvent[]> {
  const seqs = await store.eventSeqs(query)
  const found = new Map<number, LoggedEvent>()
  for (const seq of seqs) {
    const event = cache.get(logged, String(seq))
    if (event) found.set(seq, event)
  }
  const missing = seqs.filter((seq) => !found.has(seq))
  const [first, last] = [missing[0], missing.at(-1)]
  if (first !== undefined && last !== undefined)
    for (const event of await store.events({ ...query, after: first - 1, upTo: last })) {
      found.set(event.seq, event)
      cache.set(logged, String(event.seq), event)
    }
  return seqs.flatMap((seq) => found.get(seq) ?? [])
}

/** The seq of the newest event before `before` that matches, or 0. */
export async function previousMatch(sources: Sources, filter: SubscriptionFilter, before: number): Promise<number> {
  if (!looksInside(filter)) return sources.store.previousSeq(before, byName(filter))
  for (let upTo = before - 1; upTo > 0; ) {
    const page = await sources.store.events({
      after: 0,
      upTo,
      limit: pageSize,
      order: 'descending',
      ...byName(filter)
    })
    // One after the other, since the newest event that matches is mostly near.
    for (const event of page) if (await matchesEvent(sources, event, filter)) return event.seq
    const last = page.at(-1)
    if (!last || page.length < pageSize) break
    upTo = last.seq - 1
  }
  return 0
}

/** The part of a filter that the store can apply. */
function byName({ types, catalogues, within }: SubscriptionFilter) {
  return { ...(types && { types }), ...(catalogues && { catalogues }), ...(within && { within }) }
}
