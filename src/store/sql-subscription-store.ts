import { deadLetters, deliveries, nextRedrive, pendingNotice, purge, redrive } from './delivery.ts'
import type { Engine } from './engine.ts'
import { fanOut, filters, mark } from './fan-out.ts'
import { claim, leased, nextDue, takeOver } from './lease.ts'
import { recorder } from './record.ts'
import { addSigningKey, signingKeys } from './signing-key.ts'
import { add, countByState, edit, find, lagging, list, remove } from './subscription.ts'
import type { SubscriptionStore } from './subscription-store.ts'

export function subscriptionStore(engine: Engine): SubscriptionStore {
  return {
    add: (subscription) => add(engine, subscription),
    find: (id) => find(engine, id),
    list: (owner) => list(engine, owner),
    edit: (id, version, change, at) => edit(engine, id, version, change, at),
    remove: (id) => remove(engine, id),
    countByState: () => countByState(engine),
    lagging: (limit) => lagging(engine, limit),
    fanOut: () => fanOut(engine),
    filters: () => filters(engine),
    mark: (from, to, matched) => mark(engine, from, to, matched),
    claim: (request) => claim(engine, request),
    leased: (id, fence) => leased(engine, id, fence),
    record: recorder(engine),
    nextDue: () => nextDue(engine),
    takeOver: () => takeOver(engine),
    pendingNotice: (id) => pendingNotice(engine, id),
    deliveries: (id, page) => deliveries(engine, id, page),
    deadLetters: (id, limit, after) => deadLetters(engine, id, limit, after),
    nextRedrive: (id) => nextRedrive(engine, id),
    redrive: (id, seqs, at) => redrive(engine, id, seqs, at),
    purge: (limits) => purge(engine, limits),
    signingKeys: () => signingKeys(engine),
    addSigningKey: (key) => addSigningKey(engine, key)
  }
}
