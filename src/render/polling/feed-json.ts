import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { FeedRecord, FetchOutcome } from '../../domain/polling/feed-record.ts'
import type { FeedState } from '../../domain/polling/feed-state.ts'
import { type PolledFeed, toldUrl, withoutQuery } from '../../domain/polling/polled-feed.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'

/** A feed as it is answered. Of its URLs there is no query, which may hold a secret. */
export function feedJson(feed: PolledFeed, record: FeedRecord, state: FeedState) {
  const { id, adapter, mirror, every } = feed
  const { reason, token, lastFetch, lastSuccess, lastChange, next, failingSince, pending, behind, held } = record
  return withoutUndefined({
    id,
    catalogue: id,
    adapter,
    url: toldUrl(feed),
    mirror: mirror === undefined ? undefined : withoutQuery(mirror),
    every,
    state,
    reason,
    failingSince: textOf(failingSince),
    token,
    behind,
    lastFetch: lastFetch && lastFetchJson(lastFetch),
    lastSuccess: textOf(lastSuccess),
    lastChange: textOf(lastChange),
    next: formatInstant(next),
    settling: pending && { since: formatInstant(pending.firstSeen) },
    held: held && { since: formatInstant(held.since), rules: [...new Set(held.findings.map(({ rule }) => rule))] }
  })
}

function lastFetchJson({ at, outcome, status }: NonNullable<FeedRecord['lastFetch']>): {
  readonly at: string
  readonly outcome: FetchOutcome
  readonly status?: number
} {
  return { at: formatInstant(at), outcome, ...(status !== undefined && { status }) }
}

function textOf(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant)
}
