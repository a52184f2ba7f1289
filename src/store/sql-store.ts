import { randomBytes } from 'node:crypto'
import type { Engine } from './engine.ts'
import { beginFanOut } from './fan-out.ts'
import { findEndpoints, findEndpointsOf, findRequirements, findUnaddressed, requirementsOf } from './find.ts'
import { heads, headsAt } from './head.ts'
import { document, rowsBetween } from './history.ts'
import { addKey, keys, revokeKey } from './key.ts'
import { countEvents, eventSeqs, events, previousSeq, seq, told } from './log.ts'
import { commit } from './publication.ts'
import { revision, revisionAt, revisionAtSeq, revisionByLabel, revisionPage } from './revision.ts'
import { profile } from './rows.ts'
import { subscriptionStore } from './sql-subscription-store.ts'
import type { Store } from './store.ts'
import { tell } from './telling.ts'
import { endpointsTouched, endpointsTurning, requirementsTouched } from './touched.ts'

/** The one implementation: each query is written once, in the file of its noun. */
export async function sqlStore(engine: Engine): Promise<Store> {
  const epoch = await epochOf(engine)
  await beginFanOut(engine)
  return {
    epoch,
    version: () => engine.version(),
    seq: () => seq(engine),
    heads: (afterSeq = 0) => heads(engine, afterSeq),
    headsAt: (point) => headsAt(engine, point),
    revision: (catalogue, number) => revision(engine, catalogue, number),
    revisionByLabel: (catalogue, label) => revisionByLabel(engine, catalogue, label),
    revisionAt: (catalogue, instant) => revisionAt(engine, catalogue, instant),
    revisionAtSeq: (catalogue, seq) => revisionAtSeq(engine, catalogue, seq),
    revisions: (catalogue, page) => revisionPage(engine, catalogue, page),
    document: (catalogue, number) => document(engine, catalogue, number),
    profile: (catalogue, number) => profile(engine, catalogue, number),
    rowsBetween: (catalogue, from, to) => rowsBetween(engine, catalogue, from, to),
    findEndpoints: (query) => findEndpoints(engine, query),
    findEndpointsOf: (named) => findEndpointsOf(engine, named),
    findUnaddressed: () => findUnaddressed(engine),
    findRequirements: (named) => findRequirements(engine, named),
    requirementsOf: (catalogue) => requirementsOf(engine, catalogue),
    requirementsTouched: (catalogue, revisions) => requirementsTouched(engine, catalogue, revisions),
    endpointsTouched: (catalogue, revisions) => endpointsTouched(engine, catalogue, revisions),
    endpointsTurning: (catalogue, number, instants) => endpointsTurning(engine, catalogue, number, instants),
    commit: (publication) => commit(engine, publication),
    tell: (telling) => tell(engine, telling),
    told: (once) => told(engine, once),
    events: (query) => events(engine, query),
    countEvents: (query) => countEvents(engine, query),
    eventSeqs: (query) => eventSeqs(engine, query),
    previousSeq: (before, filter) => previousSeq(engine, before, filter),
    keys: () => keys(engine),
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
