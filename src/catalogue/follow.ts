import type { EventFilter } from '../store/store.ts'
import type { Catalogues } from './catalogues.ts'
import { eventsAfter, type ReadEvent } from './events.ts'
import type { Follower } from './followers.ts'

/** How much is read from the log at once. */
const pageSize = 100

export interface Following {
  readonly follower: Follower
  readonly filter: EventFilter
  /** Events with a larger seq. */
  readonly after: number
  /** How long it may stay quiet. */
  readonly quietMs: number
}

/**
 * Every event after a seq, as it comes, until the follower leaves; `quiet` where none came for a while. Reads on only when it is asked for
 * the next one: nothing is kept for a reader that does not read.
 */
export async function* follow(
  catalogues: Catalogues,
  { follower, filter, after, quietMs }: Following
): AsyncGenerator<ReadEvent | 'quiet'> {
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
    if (hasMore || heads.seq > seen) continue
    await follower.next(seen, quietMs)
    if (heads.seq <= seen && !follower.signal.aborted) yield 'quiet'
  }
}
