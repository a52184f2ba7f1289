import type { EventFilter } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { eventsAfter, type ReadEvent } from './events.ts'
import type { Follower } from './followers.ts'

/** How many events are read from the log at a time. */
const pageSize = 100

export interface Following {
  readonly follower: Follower
  readonly filter: EventFilter
  /** Only events with a larger seq. */
  readonly after: number
}

/**
 * Every event after a seq, as it comes, until the follower leaves. The log is read only when the next event is asked for, so that nothing
 * is kept for a client that does not read.
 */
export async function* follow(
  catalogues: Pick<Catalogues, 'store' | 'heads'>,
  { follower, filter, after }: Following
): AsyncGenerator<ReadEvent> {
  const { heads } = catalogues
  let seen = after
  while (!follower.signal.aborted) {
    const upTo = heads.seq
    const { events, hasMore } = await eventsAfter(catalogues, { after: seen, limit: pageSize, upTo, ...filter })
    for (const event of events) {
      if (follower.signal.aborted) return
      yield event
    }
    seen = hasMore ? (events.at(-1)?.seq ?? seen) : Math.max(seen, upTo)
    if (!hasMore) await follower.next(seen)
  }
}
