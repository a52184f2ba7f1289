import { randomBytes } from 'node:crypto'
import type { Engine } from './engine/engine.ts'
import { findEndpoints, findEndpointsOf, findRequirements, findUnaddressed, requirementsOf } from './history/find.ts'
import { findHeads, findHeadsAt } from './history/head.ts'
import { findDocument, findRowsBetween } from './history/history.ts'
import {
  findRevision,
  findRevisionAt,
  findRevisionAtSeq,
  findRevisionByLabel,
  findRevisions
} from './history/revision.ts'
import { findProfile } from './history/rows.ts'
import { endpointsTouched, endpointsTurning, requirementsTouched } from './history/touched.ts'
import { addKey, findKeys, revokeKey } from './key.ts'
import { countEvents, findEventSeqs, findEvents, findLoggedOnce, findNewestSeq, findPreviousSeq } from './log/log.ts'
import { commitPublication } from './log/publication.ts'
import { commitTransitions } from './log/transition-commit.ts'
import { subscriptionStore } from './sql-subscription-store.ts'
import type { Store } from './store.ts'
import { beginFanOut } from './webhook/fan-out.ts'

/** The one implementation: each query is written once, in the file of its noun. */
export async function sqlStore(engine: Engine): Promise<Store> {
  const epoch = await epochOf(engine)
  await beginFanOut(engine)
  return {
    epoch,
    version: () => engine.version(),
    seq: () => findNewestSeq(engine),
    heads: (afterSeq = 0) => findHeads(engine, afterSeq),
    headsAt: (point) => findHeadsAt(engine, point),
    revision: (catalogue, number) => findRevision(engine, catalogue, number),
    revisionByLabel: (catalogue, label) => findRevisionByLabel(engine, catalogue, label),
    revisionAt: (catalogue, instant) => findRevisionAt(engine, catalogue, instant),
    revisionAtSeq: (catalogue, seq) => findRevisionAtSeq(engine, catalogue, seq),
    revisions: (catalogue, page) => findRevisions(engine, catalogue, page),
    document: (catalogue, number) => findDocument(engine, catalogue, number),
    profile: (catalogue, number) => findProfile(engine, catalogue, number),
    rowsBetween: (catalogue, from, to) => findRowsBetween(engine, catalogue, from, to),
    findEndpoints: (query) => findEndpoints(engine, query),
    findEndpointsOf: (named) => findEndpointsOf(engine, named),
    findUnaddressed: () => findUnaddressed(engine),
    findRequirements: (named) => findRequirements(engine, named),
    requirementsOf: (catalogue) => requirementsOf(engine, catalogue),
    requirementsTouched: (catalogue, revisions) => requirementsTouched(engine, catalogue, revisions),
    endpointsTouched: (catalogue, revisions) => endpointsTouched(engine, catalogue, revisions),
    endpointsTurning: (catalogue, number, instants) => endpointsTurning(engine, catalogue, number, instants),
    commit: (publication) => commitPublication(engine, publication),
    commitTransitions: (telling) => commitTransitions(engine, telling),
    loggedOnce: (once) => findLoggedOnce(engine, once),
    events: (query) => findEvents(engine, query),
    countEvents: (query) => countEvents(engine, query),
    eventSeqs: (query) => findEventSeqs(engine, query),
    previousSeq: (before, filter) => findPreviousSeq(engine, before, filter),
    keys: () => findKeys(engine),
    addKey: (key) => addKey(engine, key),
    revokeKey: (id, revokedAt) => revokeKey(engine, id, revokedAt),
    subscriptions: subscriptionStore(engine),
    close: () => engine.close()
  }
}

/** Made on the first opening; where two open at once, one wins. */
async function epochOf(engine: Engine): Promise<string> {
  const { query, tables } = engine
  const { log } = tables
  const known = async () => (await engine.read(query.select({ epoch: log.epoch }).from(log)))[0]?.epoch
  const found = await known()
  if (found !== undefined) return found
  const row = { id: 1, seq: 0, version: 0, epoch: randomBytes(8).toString('hex') }
  await engine.commit([{ query: query.insert(log).values(row).onConflictDoNothing() }])
  const made = await known()
  if (made === undefined) throw new Error('the log has no epoch')
  return made
}
