import type { Change } from '../../domain/change/change.ts'
import type { CatalogueEventType, LoggedEvent, SiteEventType } from '../../domain/event/event.ts'
import type { Tables } from '../engine/tables.ts'
import { digestText } from '../packed/digest-bytes.ts'
import { jsonText } from '../packed/packed-json.ts'

/** The ids of the catalogue and of the site that an event is about, as a query joins them: one of them is null. */
export interface EventSubject {
  readonly catalogue: string | null
  readonly site: string | null
}

/** An event as its row has it. */
export function toEvent({ catalogue, site }: EventSubject, row: Tables['events']['$inferSelect']): LoggedEvent {
  // Only `appendEvent` and `packEvents` write it.
  const changes: readonly Change[] = JSON.parse(jsonText(row.changes))
  const { seq, id, occurredAt, effectiveAt, lateByMs, number, added, removed, changed, truncated } = row
  const place = { seq, id }
  const rest = { occurredAt, effectiveAt, lateByMs, counts: { added, removed, changed }, changes, truncated }
  const digest = digestText(row.digest)
  if (catalogue !== null) {
    // `appendEvent` writes a type that is one of catalogues.
    const type = row.type as CatalogueEventType
    return { ...place, type, catalogue, ...rest, revision: { number, label: row.label, digest } }
  }
  if (site === null) throw new Error(`the event ${id} is about neither a catalogue nor a site`)
  // The same for sites.
  return { ...place, type: row.type as SiteEventType, site, ...rest, revision: { number, digest } }
}
