import type { Engine } from './engine/engine.ts'
import { withEngine } from './engine/with-engine.ts'
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
import {
  claimLeases,
  countLeases,
  findLeased,
  findNextDelivery,
  releaseLease,
  takeOverLeases
} from './webhook/lease.ts'
import { resultRecorder } from './webhook/record.ts'
import { addSigningKey, findSigningKeys } from './webhook/signing-key.ts'
import {
  countSubscriptionsByState,
  deleteSubscriptionRows,
  editSubscription,
  findLaggingSubscriptions,
  findMadeSubscription,
  findSubscriptionOwners,
  findSubscriptions,
  insertSubscription,
  loadSubscription
} from './webhook/subscription.ts'

export function subscriptionStore(engine: Engine): SubscriptionStore {
  return {
    record: resultRecorder(engine),
    ...withEngine<Omit<SubscriptionStore, 'record'>>(engine, {
      add: insertSubscription,
      find: loadSubscription,
      made: findMadeSubscription,
      list: findSubscriptions,
      owners: findSubscriptionOwners,
      edit: editSubscription,
      remove: deleteSubscriptionRows,
      countByState: countSubscriptionsByState,
      lagging: findLaggingSubscriptions,
      fanOut: findFanOutPosition,
      filters: findSubscriptionFilters,
      mark: markMatches,
      claim: claimLeases,
      leased: findLeased,
      release: releaseLease,
      nextDueIn: findNextDelivery,
      countLeases,
      takeOver: takeOverLeases,
      pendingNotice: findPendingNotice,
      deliveries: findDeliveries,
      deadLetters: findDeadLetters,
      nextRedrive: findNextRedrive,
      redrive: markForRedrive,
      purge: purgeDeliveries,
      signingKeys: findSigningKeys,
      addSigningKey
    })
  }
}
