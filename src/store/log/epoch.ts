import { randomBytes } from 'node:crypto'
import { and, eq, isNull } from 'drizzle-orm'
import { PortolanError } from '../../domain/errors.ts'
import { sha256 } from '../../domain/json/sha256.ts'
import type { Engine } from '../engine/engine.ts'
import { newVersion } from './log.ts'

/** The checksum of the identity of a log. */
export function epochChecksum(epoch: string): string {
  return sha256(epoch)
}

/** The epoch of a store into which a copy was begun and not finished. */
export const unfinishedEpoch = ''

/** The refusal of such a store. */
export function unfinished(): PortolanError {
  return new PortolanError(
    'not_ready',
    'The store has no epoch: a copy into it was not finished. Begin again with an empty one.'
  )
}

/**
 * The identity of the log. It is made when a store is opened for the first time, and again where the database is not the one in which it
 * began: then a backup was put back, and readers may know events that are not in it. Of two processes that find that at once, one wins.
 * @throws PortolanError `not_ready` in the unfinished copy of a store
 */
export async function epochOf(engine: Engine): Promise<string> {
  const { query, tables } = engine
  const { log } = tables
  const known = async () => (await engine.read(query.select({ epoch: log.epoch, database: log.database }).from(log)))[0]
  const database = (await engine.identity()) ?? null
  const found = await known()
  if (found?.epoch === unfinishedEpoch) throw unfinished()
  if (!found) {
    const row = { id: 1, seq: 0, version: 0, ...newEpoch(), database, isPacked: true }
    await engine.commit([{ query: query.insert(log).values(row).onConflictDoNothing() }])
  } else if (database !== null && found.database === null) {
    // A program of an older version made it, or one that could not ask.
    await engine.commit([{ query: query.update(log).set({ database }).where(isNull(log.database)) }])
  } else if (database !== null && found.database !== database) {
    const isAsFound = and(eq(log.epoch, found.epoch), eq(log.database, found.database ?? ''))
    await engine.commit([
      newVersion(engine),
      {
        query: query
          .update(log)
          .set({ ...newEpoch(), database })
          .where(isAsFound)
      }
    ])
  }
  const now = await known()
  if (!now) throw new Error('the log has no epoch')
  return now.epoch
}

/**
 * Begins another epoch: sequence numbers after the newest may be used again, for other events. No other process may have the store open,
 * since each reads the epoch once. @returns the new epoch
 */
export async function beginEpoch(engine: Engine): Promise<string> {
  const { query, tables } = engine
  const made = newEpoch()
  const database = (await engine.identity()) ?? null
  await engine.commit([newVersion(engine), { query: query.update(tables.log).set({ ...made, database }), rows: 1 }])
  return made.epoch
}

function newEpoch(): { readonly epoch: string; readonly checksum: string } {
  const epoch = randomBytes(8).toString('hex')
  return { epoch, checksum: epochChecksum(epoch) }
}
