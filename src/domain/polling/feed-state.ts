import { laterToken } from '../feed/token.ts'
import { sha256 } from '../json/sha256.ts'
import { withoutUndefined } from '../json/without-undefined.ts'
import { dayMs } from '../time/duration.ts'
import type { Instant } from '../time/instant.ts'
import type { Accepted, FeedRecord, Held } from './feed-record.ts'
import { leastEveryOf, type PolledFeed } from './polled-feed.ts'

export const feedStates = ['new', 'current', 'held', 'failing', 'behind', 'stale'] as const
export type FeedState = (typeof feedStates)[number]

/** A feed without success for so many of its periods is stale. */
const stalePeriods = 4
const longestWaitMs = dayMs

/** The state of a feed at an instant. */
export function feedState({ everyMs }: Pick<PolledFeed, 'everyMs'>, record: FeedRecord, now: Instant): FeedState {
  const { lastFetch, failures } = record
  if (!lastFetch) return 'new'
  const staleAt = staleAfter({ everyMs }, record)
  if (staleAt !== undefined && now >= staleAt) return 'stale'
  if (failures > 0) return 'failing'
  if (record.held) return 'held'
  return record.behind === undefined ? 'current' : 'behind'
}

/** When a feed becomes stale if no fetch succeeds before; undefined: it was never asked for. */
export function staleAfter({ everyMs }: Pick<PolledFeed, 'everyMs'>, record: FeedRecord): Instant | undefined {
  const from = record.lastSuccess ?? record.failingSince
  return from === undefined ? undefined : from + stalePeriods * everyMs
}

/** What came of one fetch, after the list was judged against the catalogue. */
export type FetchResult =
  | { readonly kind: 'failed'; readonly reason: string; readonly status?: number; readonly retryAfterMs?: number }
  /** The list is the one that was accepted. */
  | { readonly kind: 'not-modified'; readonly status?: number }
  | {
      readonly kind: 'unchanged' | 'published'
      readonly accepted: Accepted
      readonly token?: string
      readonly status?: number
    }
  /** The list is an older one. */
  | { readonly kind: 'behind'; readonly token: string; readonly status?: number }
  | {
      readonly kind: 'settling'
      readonly pending: NonNullable<FeedRecord['pending']>
      readonly token?: string
      readonly status?: number
    }
  | { readonly kind: 'held'; readonly held: Held; readonly status?: number }

/** The record of a feed after a fetch that ended at an instant. */
export function afterFetch(feed: PolledFeed, record: FeedRecord, result: FetchResult, at: Instant): FeedRecord {
  if (result.kind === 'failed') return afterFailure(feed, record, result, at)
  const { failingSince: _, reason: __, behind: ___, pending: ____, held, ...kept } = record
  const { status } = result
  const succeeded = { ...kept, lastSuccess: at, failures: 0, next: nextFetch(feed, at) }
  const fetched = (outcome: NonNullable<FeedRecord['lastFetch']>['outcome']) => ({
    lastFetch: withoutUndefined({ at, outcome, status })
  })
  switch (result.kind) {
    case 'not-modified':
      return { ...succeeded, ...fetched('not-modified') }
    case 'unchanged':
    case 'published': {
      const { accepted, token, kind } = result
      return withoutUndefined({
        ...succeeded,
        ...fetched(kind),
        token: kind === 'published' ? (token ?? record.token) : laterToken(record.token, token),
        accepted,
        lastChange: kind === 'published' ? at : record.lastChange
      })
    }
    case 'behind':
      return withoutUndefined({ ...succeeded, ...fetched('unchanged'), behind: result.token, held })
    case 'settling':
      return withoutUndefined({ ...succeeded, ...fetched('unchanged'), pending: result.pending })
    case 'held':
      return { ...succeeded, ...fetched('held'), held: result.held }
    default:
      throw new Error(`unknown result ${result satisfies never}`)
  }
}

/** Nothing is forgotten: neither what was accepted, nor what is held or settles. */
function afterFailure(
  { everyMs }: PolledFeed,
  record: FeedRecord,
  { reason, status, retryAfterMs = 0 }: Extract<FetchResult, { kind: 'failed' }>,
  at: Instant
): FeedRecord {
  const failures = record.failures + 1
  const wait = Math.min(Math.max(everyMs, longestWaitMs), everyMs * 2 ** Math.min(failures - 1, 20))
  return {
    ...record,
    lastFetch: withoutUndefined({ at, outcome: 'failed' as const, status }),
    failures,
    failingSince: record.failingSince ?? at,
    reason,
    next: at + Math.max(wait, retryAfterMs)
  }
}

/** The record of a feed whose held change a person accepted. */
export function afterAcceptance(record: FeedRecord, held: Held, revision: number, at: Instant): FeedRecord {
  const { held: _, ...kept } = record
  return withoutUndefined({
    ...kept,
    token: laterToken(record.token, held.token),
    accepted: { ...held.answered, revision },
    lastChange: at
  })
}

/** The record of a feed that was never asked for: it is due at once. */
export function newFeedRecord(id: string, now: Instant): FeedRecord {
  return { id, failures: 0, next: now }
}

/**
 * When a list is asked for after a success: at the first instant of the phase of the feed that lies at least half a period ahead, but no sooner
 * than its provider wants. The phase depends on the id alone, so that many feeds are spread over their period, and after a restart too.
 */
function nextFetch({ id, adapter, everyMs }: PolledFeed, at: Instant): Instant {
  const phase = Number.parseInt(sha256(id).slice(7, 19), 16) % everyMs
  const earliest = at + everyMs / 2
  const phased = earliest + ((((phase - earliest) % everyMs) + everyMs) % everyMs)
  return Math.max(phased, at + leastEveryOf(adapter).ms)
}

/** When a feed is due: at the latest one and a half periods after a fetch that succeeded, also where its period was made shorter since. */
export function dueAt({ everyMs }: Pick<PolledFeed, 'everyMs'>, { next, failures, lastFetch }: FeedRecord): Instant {
  return failures > 0 || !lastFetch ? next : Math.min(next, lastFetch.at + 1.5 * everyMs)
}
