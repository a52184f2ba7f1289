import type { FeedEventType, NewCatalogueEvent } from '../event/event.ts'
import type { Revision } from '../history/revision.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import type { FeedRecord } from './feed-record.ts'
import { feedState, staleAfter } from './feed-state.ts'
import type { PolledFeed } from './polled-feed.ts'

/** A state of a feed that somebody has to look at. */
export interface FeedAlarm {
  readonly type: FeedEventType
  /** When the state began. */
  readonly since: Instant
  /** The deduplication key of the event, so that the state is told once for each time that it begins, by whichever process. */
  readonly once: string
}

/** What is to be told of a feed at an instant, whether it was told before or not; undefined: nothing. */
export function feedAlarm(
  feed: Pick<PolledFeed, 'id' | 'everyMs'>,
  record: FeedRecord,
  now: Instant
): FeedAlarm | undefined {
  const state = feedState(feed, record, now)
  switch (state) {
    case 'failing':
      return alarm(feed, 'feed.failing', record.failingSince)
    case 'held':
      return alarm(feed, 'feed.held', record.held?.since)
    case 'stale':
      return alarm(feed, 'feed.stale', staleAfter(feed, record))
    case 'new':
    case 'current':
    case 'behind':
      return undefined
    default:
      throw new Error(`unknown state ${state satisfies never}`)
  }
}

function alarm({ id }: Pick<PolledFeed, 'id'>, type: FeedEventType, since: Instant | undefined): FeedAlarm | undefined {
  return since === undefined ? undefined : { type, since, once: `${type} ${id} ${formatInstant(since)}` }
}

/** An alarm as it is written into the log: about the head of the catalogue of the feed, which the state leaves as it is. */
export function alarmEvent(
  { catalogue, number, label, digest }: Pick<Revision, 'catalogue' | 'number' | 'label' | 'digest'>,
  { type, since, once }: FeedAlarm,
  { now, id }: { readonly now: Instant; readonly id: string }
): NewCatalogueEvent {
  return {
    id,
    type,
    catalogue,
    once,
    occurredAt: now,
    effectiveAt: since,
    lateByMs: Math.max(0, now - since),
    revision: { number, label, digest },
    counts: { added: 0, removed: 0, changed: 0 },
    changes: [],
    truncated: false
  }
}
