import { and, asc, eq, gt } from 'drizzle-orm'
import type { Engine, Statement } from '../engine/engine.ts'
import { type FoundOrder, keptOrder, nextOrder } from '../history/order.ts'
import { repackedDigest, repackedJson } from '../packed/row-form.ts'
import { newVersion } from './log.ts'

/** Events, each with up to fifty changes, or revisions in one commit. */
const pageSize = 200

/**
 * Packs what programs of older versions wrote, and from now on all that is written: no such program may have the store open. What rows say
 * stays the same to the byte. It may be killed and run again. @returns whether it packed anything
 */
export async function packStore(engine: Engine): Promise<boolean> {
  const { query, read, commit, tables } = engine
  const { log } = tables
  const [row] = await read(query.select({ isPacked: log.isPacked }).from(log))
  if (!row) return false
  if (!row.isPacked) {
    await packEvents(engine)
    await packRevisions(engine)
    await packOrders(engine)
    // Last, so that a packing that was killed begins again. Others then write in the old form meanwhile, which is read too.
    await commit([newVersion(engine), { query: query.update(log).set({ isPacked: true }) }])
  }
  // Also where all is packed: the last try may have found the database busy.
  await engine.reclaim()
  return !row.isPacked
}

async function packEvents({ query, read, commit, tables: { events } }: Engine): Promise<void> {
  for (let last = 0; ; ) {
    const columns = { seq: events.seq, changes: events.changes, digest: events.digest, checksum: events.checksum }
    const page = await read(
      query.select(columns).from(events).where(gt(events.seq, last)).orderBy(asc(events.seq)).limit(pageSize)
    )
    await commit(
      page.map(({ seq, changes, digest, checksum }) => {
        const packed = { changes: repackedJson(changes), digest: repackedDigest(digest) }
        const set = { ...packed, checksum: checksum === null ? null : repackedDigest(checksum) }
        return { query: query.update(events).set(set).where(eq(events.seq, seq)), rows: 1 }
      })
    )
    const next = page.at(-1)?.seq
    if (next === undefined || page.length < pageSize) return
    last = next
  }
}

async function packRevisions({ query, read, commit, tables: { revisions } }: Engine): Promise<void> {
  // A revision has the seq of its event, so no two have one.
  for (let last = 0; ; ) {
    const { seq, edition, digest, chain } = revisions
    const page = await read(
      query
        .select({ seq, edition, digest, chain })
        .from(revisions)
        .where(gt(seq, last))
        .orderBy(asc(seq))
        .limit(pageSize)
    )
    await commit(
      page.map((row) => {
        const digests = { digest: repackedDigest(row.digest), chain: repackedDigest(row.chain) }
        const set = { ...digests, edition: repackedJson(row.edition) }
        return { query: query.update(revisions).set(set).where(eq(seq, row.seq)), rows: 1 }
      })
    )
    const next = page.at(-1)?.seq
    if (next === undefined || page.length < pageSize) return
    last = next
  }
}

/** All orders of a catalogue at once, since each is read on top of those before it. */
async function packOrders({ query, read, commit, tables: { catalogues, orders } }: Engine): Promise<void> {
  for (const { id } of await read(query.select({ id: catalogues.id }).from(catalogues))) {
    const rows = await read(query.select().from(orders).where(eq(orders.catalogue, id)).orderBy(asc(orders.since)))
    const statements: Statement[] = []
    let before: FoundOrder | undefined
    for (const row of rows) {
      const order = nextOrder(before?.order ?? [], row)
      const keys = keptOrder(before, order)
      const isWhole = !('removed' in keys)
      before = { order, differences: isWhole ? 0 : (before?.differences ?? 0) + 1 }
      const isRow = and(eq(orders.catalogue, id), eq(orders.since, row.since))
      statements.push({ query: query.update(orders).set({ keys }).where(isRow), rows: 1 })
    }
    await commit(statements)
  }
}
