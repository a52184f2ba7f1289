import type { LoggedEvent } from '../../domain/event/event.ts'
import type { EventFilter, EventQuery } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** An event as a reader of a part of the log sees it. */
export interface ReadEvent extends LoggedEvent {
  /** The event before that matches the same filter; 0 where there is none. */
  readonly prevSeq: number
}

export interface LogPage {
  readonly events: readonly ReadEvent[]
  /** There are more, up to the bound that was given. */
  readonly hasMore: boolean
}

/** What came after an event, ascending. */
export async function eventsAfter({ store }: Pick<Catalogues, 'store'>, query: EventQuery): Promise<LogPage> {
  const { after, limit, upTo, order: _, ...filter } = query
  // The page after this one is known to be there only by an event beyond the limit.
  const found = await store.events({ after, limit: limit + 1, ...(upTo !== undefined && { upTo }), ...filter })
  const [first] = found
  let previous = first ? await store.previousSeq(first.seq, filter) : 0
  const events = found.slice(0, limit).map((event) => {
    const read = { ...event, prevSeq: previous }
    previous = event.seq
    return read
  })
  return { events, hasMore: found.length > limit }
}

/** The newest events, newest first. */
export function newestEvents(
  { store }: Pick<Catalogues, 'store'>,
  { limit, ...filter }: EventFilter & { readonly limit: number; readonly upTo?: number }
): Promise<readonly LoggedEvent[]> {
  return store.events({ after: 0, limit, order: 'descending', ...filter })
}
