import type { NewEvent } from '../../domain/event/event.ts'
import { eventId } from '../../domain/event/ulid.ts'
import { alarmEvent, feedAlarm } from '../../domain/polling/feed-alarm.ts'
import type { FeedRecord } from '../../domain/polling/feed-record.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Catalogues } from '../catalogues.ts'
import { commitEvents } from '../event/commit-events.ts'
import type { ConfiguredFeed } from './feed-folder.ts'

/**
 * Logs that a feed fails, is held or is stale, once for each time that such a state begins, by whichever process. Nothing is logged of a
 * feed whose catalogue has no revision: the log knows only catalogues that have one.
 * @returns the event, where this process logged it.
 */
export async function recordAlarm(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'logCounters' | 'random'>,
  { feed, record }: { readonly feed: ConfiguredFeed; readonly record: FeedRecord },
  now: Instant
): Promise<readonly NewEvent[]> {
  const alarm = feedAlarm(feed, record, now)
  if (!alarm) return []
  return commitEvents(catalogues, feed.id, async ({ revision }) => {
    const logged = await catalogues.store.loggedOnce([alarm.once])
    return logged.has(alarm.once) ? [] : [alarmEvent(revision, alarm, { now, id: eventId(now, catalogues.random(10)) })]
  })
}
