import type { LoggedEvent } from '../../domain/event/event.ts'
import type { EventFilter, EventQuery } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** An event as a reader of the log with a filter sees it. */
export type ReadEvent = LoggedEvent & {
  /** The seq of the event before it that the filter takes; 0 where there is none. */
  readonly prevSeq: number
}

export interface LogPage {
  readonly events: readonly ReadEvent[]
  /** There are more events, up to the bound that was given. */
  readonly hasMore: boolean
}

/** A page of the events after a seq, ascending. */
export async function eventsAfter({ store }: Pick<Catalogues, 'store'>, query: EventQuery): Promise<LogPage> {
  const { after, limit, upTo, order: _, ...filter } = query
  // One event beyond the limit shows whether there is a next page.
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
