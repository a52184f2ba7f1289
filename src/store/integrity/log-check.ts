import { asc, gt } from 'drizzle-orm'
import { catalogueEventTypes, type EventType, siteEventTypes } from '../../domain/event/event.ts'
import { eventChecksum } from '../../domain/event/event-checksum.ts'
import type { Reads } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { decidedEvent } from '../log/checksums.ts'
import { epochChecksum } from '../log/epoch.ts'
import { digestText } from '../packed/digest-bytes.ts'
import type { WorkProgress } from '../progress.ts'
import { damage } from './damage.ts'
import { strictRows } from './strict-rows.ts'

const pageSize = 500

type EventRow = Tables['events']['$inferSelect']

/** What the log has of a catalogue or of a site. */
export interface LoggedSubject {
  readonly lastSeq: number
  /** How many of its events are those of publishes. */
  readonly published: number
}

export interface CheckedLog {
  readonly epoch: string
  readonly seq: number
  /** By the number of the catalogue in rows. */
  readonly catalogues: ReadonlyMap<number, LoggedSubject>
  /** By the number of the site in rows. */
  readonly sites: ReadonlyMap<number, LoggedSubject>
}

/** The ids of catalogues and of sites by their numbers in rows. */
export interface Subjects {
  readonly catalogues: ReadonlyMap<number, string>
  readonly sites: ReadonlyMap<number, string>
}

/**
 * Checks the log: its identity, that it has no gap from 1 to its end, and the checksum of each event.
 * @throws PortolanError `store_damaged`
 */
export async function checkLog(reads: Reads, subjects: Subjects, progress: WorkProgress): Promise<CheckedLog> {
  const { log, events } = reads.tables
  const [row, second] = await strictRows(reads, log, {})
  if (!row || second || row.id !== 1) throw damage('The log has not exactly one row that says where it ends.')
  // Nobody writes that it is not packed.
  if (row.isPacked === false) throw damage('The row of the log says that the store is not packed any more.')
  if (row.checksum !== epochChecksum(row.epoch))
    throw damage(`The epoch ${row.epoch} has not the checksum that is kept.`)
  const logged = { catalogues: new Map<number, LoggedSubject>(), sites: new Map<number, LoggedSubject>() }
  let last = 0
  for (;;) {
    progress('verifying events', last)
    const page = await strictRows(reads, events, {
      where: gt(events.seq, last),
      order: [asc(events.seq)],
      limit: pageSize
    })
    for (const event of page) {
      last += 1
      if (event.seq !== last) throw damage(`The log has no event ${last}: the next one is ${event.seq}.`)
      const { kind, number, subject } = subjectOf(event, subjects)
      checkChecksum(
        event.checksum === null ? null : digestText(event.checksum),
        last,
        eventChecksum(decidedEvent(subject, event))
      )
      const { published = 0 } = logged[kind].get(number) ?? {}
      logged[kind].set(number, { lastSeq: last, published: isPublish(event.type) ? published + 1 : published })
    }
    if (page.length < pageSize) break
  }
  if (row.seq !== last) throw damage(`The log ends at ${last}, and its row says ${row.seq}.`)
  return { epoch: row.epoch, seq: last, ...logged }
}

/** What an event is about: exactly one catalogue, or one site, and its type is one of such events. */
function subjectOf({ seq, catalogue, site, type, label }: EventRow, subjects: Subjects) {
  const isKnown = (types: readonly string[]) => types.includes(type)
  if (catalogue !== null && site === null) {
    const slug = subjects.catalogues.get(catalogue)
    if (slug === undefined) throw damage(`Event ${seq} is of a catalogue that is not there.`)
    if (!isKnown(catalogueEventTypes)) throw damage(`Event ${seq} of ${slug} is none that a catalogue has.`)
    return { kind: 'catalogues', number: catalogue, subject: { catalogue: slug, site: null } } as const
  }
  if (site === null || catalogue !== null) throw damage(`Event ${seq} is not about one catalogue or one site.`)
  const slug = subjects.sites.get(site)
  if (slug === undefined) throw damage(`Event ${seq} is of a site that is not there.`)
  if (!isKnown(siteEventTypes) || label !== '')
    throw damage(`Event ${seq} of the site ${slug} is none that a site has.`)
  return { kind: 'sites', number: site, subject: { catalogue: null, site: slug } } as const
}

function isPublish(type: EventType): boolean {
  return type === 'catalogue.created' || type === 'catalogue.revision_published' || type === 'site.revision_published'
}

function checkChecksum(kept: string | null, seq: number, own: string): void {
  if (kept === null)
    throw damage(
      `Event ${seq} has no checksum: the next start of the service gives it one, where a program of an older version wrote it.`
    )
  if (kept !== own) throw damage(`Event ${seq} has the checksum ${kept}, and its content has ${own}.`)
}
