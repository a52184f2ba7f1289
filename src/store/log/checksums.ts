import { and, asc, eq, isNull } from 'drizzle-orm'
import type { NewEvent } from '../../domain/event/event.ts'
import { eventChecksum } from '../../domain/event/event-checksum.ts'
import type { Engine } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { untold, type WorkProgress } from '../progress.ts'
import { epochChecksum } from './epoch.ts'
import { type EventSubject, toEvent } from './event-row.ts'

/** Events in one commit, each with up to fifty changes. */
const pageSize = 200

/** What was decided of an event, from its row. */
export function decidedEvent(subject: EventSubject, row: Tables['events']['$inferSelect']): NewEvent {
  const { seq: _, ...event } = toEvent(subject, row)
  return { ...event, ...(row.once !== null && { once: row.once }) }
}

/** Gives a checksum to what a program of an older version wrote: after an upgrade, and while old replicas still write beside new ones. */
export async function fillChecksums(engine: Engine, progress: WorkProgress = untold): Promise<void> {
  const { query, read, commit, tables } = engine
  const { events, catalogues, sites, log } = tables
  for (const { id, epoch } of await read(query.select().from(log).where(isNull(log.checksum)))) {
    const checksum = epochChecksum(epoch)
    await commit([{ query: query.update(log).set({ checksum }).where(eq(log.id, id)) }])
  }
  for (let done = 0; ; done += pageSize) {
    const rows = await read(
      query
        .select({ event: events, catalogue: catalogues.slug, site: sites.slug })
        .from(events)
        .leftJoin(catalogues, eq(catalogues.id, events.catalogue))
        .leftJoin(sites, eq(sites.id, events.site))
        .where(isNull(events.checksum))
        .orderBy(asc(events.seq))
        .limit(pageSize)
    )
    if (rows.length === 0) return
    progress('checksums of events', done)
    await commit(
      rows.map(({ event, ...subject }) => ({
        query: query
          .update(events)
          .set({ checksum: eventChecksum(decidedEvent(subject, event)) })
          .where(and(eq(events.seq, event.seq), isNull(events.checksum)))
      }))
    )
  }
}
