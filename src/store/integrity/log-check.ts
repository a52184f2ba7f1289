import { asc, gt } from 'drizzle-orm'
import { eventChecksum } from '../../domain/event/event-checksum.ts'
import type { Reads } from '../engine/engine.ts'
import { decidedEvent } from '../log/checksums.ts'
import { epochChecksum } from '../log/epoch.ts'
import { digestText } from '../packed/digest-bytes.ts'
import type { WorkProgress } from '../progress.ts'
import { damage } from './damage.ts'
import { strictRows } from './strict-rows.ts'

const pageSize = 500

/** What the log has of a catalogue. */
export interface LoggedCatalogue {
  readonly lastSeq: number
  /** How many of its events are those of publishes. */
  readonly published: number
}

export interface CheckedLog {
  readonly epoch: string
  readonly seq: number
  /** By the number of the catalogue in rows. */
  readonly catalogues: ReadonlyMap<number, LoggedCatalogue>
}

/**
 * Checks the log: its identity, that it has no gap from 1 to its end, and the checksum of each event. `slugs`: the ids of catalogues by
 * their numbers in rows.
 * @throws PortolanError `store_damaged`
 */
export async function checkLog(
  reads: Reads,
  slugs: ReadonlyMap<number, string>,
  progress: WorkProgress
): Promise<CheckedLog> {
  const { log, events } = reads.tables
  const [row, second] = await strictRows(reads, log, {})
  if (!row || second || row.id !== 1) throw damage('The log has not exactly one row that says where it ends.')
  // Nobody writes that it is not packed.
  if (row.isPacked === false) throw damage('The row of the log says that the store is not packed any more.')
  if (row.checksum !== epochChecksum(row.epoch))
    throw damage(`The epoch ${row.epoch} has not the checksum that is kept.`)
  const catalogues = new Map<number, LoggedCatalogue>()
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
      const slug = slugs.get(event.catalogue)
      if (slug === undefined) throw damage(`Event ${last} is of a catalogue that is not there.`)
      checkChecksum(
        event.checksum === null ? null : digestText(event.checksum),
        last,
        eventChecksum(decidedEvent(slug, event))
      )
      const isPublish = event.type === 'catalogue.created' || event.type === 'catalogue.revision_published'
      const { published = 0 } = catalogues.get(event.catalogue) ?? {}
      catalogues.set(event.catalogue, { lastSeq: last, published: isPublish ? published + 1 : published })
    }
    if (page.length < pageSize) break
  }
  if (row.seq !== last) throw damage(`The log ends at ${last}, and its row says ${row.seq}.`)
  return { epoch: row.epoch, seq: last, catalogues }
}

function checkChecksum(kept: string | null, seq: number, own: string): void {
  if (kept === null)
    throw damage(
      `Event ${seq} has no checksum: the next start of the service gives it one, where a program of an older version wrote it.`
    )
  if (kept !== own) throw damage(`Event ${seq} has the checksum ${kept}, and its content has ${own}.`)
}
