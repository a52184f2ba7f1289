import type { Subscription, SubscriptionDefinition } from '../../domain/webhook/subscription.ts'
import type { Engine } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { openHeaders, openSecrets } from './subscription-secret.ts'

type Row = Tables['subscriptions']['$inferSelect']

/** The columns that a result may change. All others change only with the version. */
export function resultColumns({ subscriptions }: Tables) {
  const { id, version, fence, state, stateSince, stateReason, activatedAt, cursor, matched, previous } = subscriptions
  const { ahead, replayFrom, replayTo, replayNext, redrives, notices, dueAt, failures, failingSince } = subscriptions
  const { refusals, refusedSince, attempts } = subscriptions
  return {
    ...{ id, version, fence, state, stateSince, stateReason, activatedAt, cursor, matched, previous, ahead },
    ...{ replayFrom, replayTo, replayNext, redrives, notices, dueAt, failures, failingSince },
    ...{ refusals, refusedSince, attempts }
  }
}

/** The part of a subscription that changes only with its version. */
type Fixed = Omit<SubscriptionDefinition, 'description'> &
  Pick<Subscription, 'id' | 'createdAt' | 'updatedAt' | 'secrets' | 'version' | 'description' | 'owner'>

/** The subscription of a row. @throws PortolanError `wrong_secret_key` */
export function toSubscription({ secrets: box }: Pick<Engine, 'secrets'>, row: Row): Subscription {
  const { id, owner, definition, createdAt, updatedAt, version } = row
  const fixed = {
    ...definition,
    headers: openHeaders(box, id, definition),
    secrets: openSecrets(box, id, row.secrets),
    ...(owner !== null && { owner }),
    id,
    createdAt,
    updatedAt,
    version
  }
  return withResults(fixed, row)
}

/**
 * A subscription with what results changed since it was read, at the same version. Each field is named, for the same reason as in
 * `progressOf`.
 */
export function withResults(fixed: Fixed, row: Pick<Row, keyof ReturnType<typeof resultColumns>>): Subscription {
  const { stateReason, activatedAt, previous, replayFrom, replayTo, replayNext, failingSince, refusedSince } = row
  const subscription: Writable<Subscription> = {
    id: fixed.id,
    url: fixed.url,
    filter: fixed.filter,
    format: fixed.format,
    ordering: fixed.ordering,
    isAsymmetric: fixed.isAsymmetric,
    headers: fixed.headers,
    createdAt: fixed.createdAt,
    updatedAt: fixed.updatedAt,
    secrets: fixed.secrets,
    version: fixed.version,
    state: row.state,
    stateSince: row.stateSince,
    cursor: row.cursor,
    matched: row.matched,
    ahead: row.ahead,
    redrives: row.redrives,
    notices: row.notices,
    dueAt: row.dueAt,
    failures: row.failures,
    refusals: row.refusals,
    attempts: row.attempts
  }
  // An absent field is absent.
  if (fixed.description !== undefined) subscription.description = fixed.description
  if (fixed.owner !== undefined) subscription.owner = fixed.owner
  if (stateReason !== null) subscription.stateReason = stateReason
  if (activatedAt !== null) subscription.activatedAt = activatedAt
  if (previous !== null) subscription.previous = previous
  if (replayFrom !== null && replayTo !== null && replayNext !== null)
    subscription.replay = { from: replayFrom, to: replayTo, next: replayNext }
  if (failingSince !== null) subscription.failingSince = failingSince
  if (refusedSince !== null) subscription.refusedSince = refusedSince
  return subscription
}

type Writable<T> = { -readonly [Key in keyof T]: T[Key] }
