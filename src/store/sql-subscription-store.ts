import type { Engine } from './engine/engine.ts'
import type { SubscriptionStore } from './subscription-store.ts'
import {
  findDeadLetters,
  findDeliveries,
  findNextRedrive,
  findPendingNotice,
  markForRedrive,
  purgeDeliveries
} from './webhook/delivery.ts'
import { findFanOutPosition, findSubscriptionFilters, markMatches } from './webhook/fan-out.ts'
import { claimLeases, findLeased, findNextDelivery, takeOverLeases } from './webhook/lease.ts'
import { recorder } from './webhook/record.ts'
import { addSigningKey, findSigningKeys } from './webhook/signing-key.ts'
import {
  countSubscriptionsByState,
  deleteSubscriptionRows,
  editSubscription,
  findLaggingSubscriptions,
  findSubscriptions,
  insertSubscription,
  loadSubscription
} from './webhook/subscription.ts'

export function subscriptionStore(engine: Engine): SubscriptionStore {
  return {
    add: (subscription) => insertSubscription(engine, subscription),
    find: (id) => loadSubscription(engine, id),
    list: (owner) => findSubscriptions(engine, owner),
    edit: (id, version, change, at) => editSubscription(engine, id, version, change, at),
    remove: (id) => deleteSubscriptionRows(engine, id),
    countByState: () => countSubscriptionsByState(engine),
    lagging: (limit) => findLaggingSubscriptions(engine, limit),
    fanOut: () => findFanOutPosition(engine),
    filters: () => findSubscriptionFilters(engine),
    mark: (from, to, matched) => markMatches(engine, from, to, matched),
    claim: (request) => claimLeases(engine, request),
    leased: (id, fence) => findLeased(engine, id, fence),
    record: recorder(engine),
    nextDue: () => findNextDelivery(engine),
    takeOver: () => takeOverLeases(engine),
    pendingNotice: (id) => findPendingNotice(engine, id),
    deliveries: (id, page) => findDeliveries(engine, id, page),
    deadLetters: (id, limit, after) => findDeadLetters(engine, id, limit, after),
    nextRedrive: (id) => findNextRedrive(engine, id),
    redrive: (id, seqs, at) => markForRedrive(engine, id, seqs, at),
    purge: (limits) => purgeDeliveries(engine, limits),
    signingKeys: () => findSigningKeys(engine),
    addSigningKey: (key) => addSigningKey(engine, key)
  }
}
