import { randomBytes } from 'node:crypto'
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
 * The identity of the log. It is made when a store is opened for the first time; of two processes that do so at once, one wins.
 * @throws PortolanError `not_ready` in the unfinished copy of a store
 */
export async function epochOf(engine: Engine): Promise<string> {
  const { query, tables } = engine
  const { log } = tables
  const known = async () => (await engine.read(query.select({ epoch: log.epoch }).from(log)))[0]?.epoch
  const found = await known()
  if (found === unfinishedEpoch) throw unfinished()
  if (found !== undefined) return found
  const row = { id: 1, seq: 0, version: 0, ...newEpoch() }
  await engine.commit([{ query: query.insert(log).values(row).onConflictDoNothing() }])
  const made = await known()
  if (made === undefined) throw new Error('the log has no epoch')
  return made
}

/**
 * Begins another epoch: sequence numbers after the newest may be used again, for other events. No other process may have the store open,
 * since each reads the epoch once. @returns the new epoch
 */
export async function beginEpoch(engine: Engine): Promise<string> {
  const { query, tables } = engine
  const made = newEpoch()
  await engine.commit([newVersion(engine), { query: query.update(tables.log).set(made), rows: 1 }])
  return made.epoch
}

function newEpoch(): { readonly epoch: string; readonly checksum: string } {
  const epoch = randomBytes(8).toString('hex')
  return { epoch, checksum: epochChecksum(epoch) }
}
