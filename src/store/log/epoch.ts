import { randomBytes } from 'node:crypto'
import { sha256 } from '../../domain/json/sha256.ts'
import type { Engine } from '../engine/engine.ts'

/** The checksum of the identity of a log. */
export function epochChecksum(epoch: string): string {
  return sha256(epoch)
}

/** The identity of the log. It is made when a store is opened for the first time; of two processes that do so at once, one wins. */
export async function epochOf(engine: Engine): Promise<string> {
  const { query, tables } = engine
  const { log } = tables
  const known = async () => (await engine.read(query.select({ epoch: log.epoch }).from(log)))[0]?.epoch
  const found = await known()
  if (found !== undefined) return found
  const row = { id: 1, seq: 0, version: 0, ...newEpoch() }
  await engine.commit([{ query: query.insert(log).values(row).onConflictDoNothing() }])
  const made = await known()
  if (made === undefined) throw new Error('the log has no epoch')
  return made
}

function newEpoch(): { readonly epoch: string; readonly checksum: string } {
  const epoch = randomBytes(8).toString('hex')
  return { epoch, checksum: epochChecksum(epoch) }
}
