import type { NewEvent } from '../../domain/event/event.ts'
import { clockEvent, type Due, dueBy } from '../../domain/event/transition.ts'
import { eventId } from '../../domain/event/ulid.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { commitEvents } from './commit-events.ts'

export interface DueEvent extends Due {
  readonly eventId: string
}

/** The events of a head that are due by an instant and not in the log yet, in order, each with an id. */
export async function dueEvents(
  { store, upcomingDays, random }: Pick<Catalogues, 'store' | 'upcomingDays' | 'random'>,
  { revision }: Head,
  now: Instant
): Promise<readonly DueEvent[]> {
  const due = dueBy(revision, now, upcomingDays)
  const logged = await store.loggedOnce(due.map(({ once }) => once))
  return due.filter(({ once }) => !logged.has(once)).map((each) => ({ ...each, eventId: eventId(now, random(10)) }))
}

/**
 * Logs the events of a catalogue that are due by an instant. Any number of processes may do so at the same time: each event is in the log
 * once.
 * @returns the events that this process logged.
 */
export async function recordTransitions(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads' | 'logCounters' | 'upcomingDays' | 'random'>,
  catalogue: string,
  now: Instant
): Promise<readonly NewEvent[]> {
  return commitEvents(catalogues, catalogue, async (head) => {
    const due = await dueEvents(catalogues, head, now)
    if (due.length === 0) return []
    const { revision } = head
    const state = { revision, rows: toRows(await loadDocument(catalogues, revision)) }
    return due.map((each) => clockEvent(state, each, { now, id: each.eventId }))
  })
}
