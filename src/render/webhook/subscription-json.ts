import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import type { DeadLetter, Delivery } from '../../domain/webhook/delivery.ts'
import { isSending, type Subscription } from '../../domain/webhook/subscription.ts'
import { usableSecrets } from '../../domain/webhook/webhook-secret.ts'

const instant = (at: Instant | undefined) => (at === undefined ? undefined : formatInstant(at))

/** A subscription as it is answered: without secrets, and without the values of its header fields, which may be secret. */
export function subscriptionJson(subscription: Subscription, now: Instant) {
  const { id, owner, url, description, format, ordering, isAsymmetric, state, stateReason, headers } = subscription
  const { createdAt, updatedAt, stateSince, activatedAt, cursor, matched, failures, failingSince, replay } =
    subscription
  const { types, catalogues, within: _, ...inside } = subscription.filter
  const filter = withoutUndefined(inside)
  const names = Object.keys(headers)
  const waits = isSending(state) && (matched > cursor || replay !== undefined || subscription.redrives > 0)
  const until = usableSecrets(subscription.secrets, now).flatMap(({ expiresAt }) => expiresAt ?? [])
  return withoutUndefined({
    id,
    owner,
    url,
    description,
    types,
    catalogues,
    filter: Object.keys(filter).length > 0 ? filter : undefined,
    format,
    ordering,
    asymmetric: isAsymmetric,
    headers: names.length > 0 ? Object.fromEntries(names.map((name) => [name, '***'])) : undefined,
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
    state,
    stateSince: formatInstant(stateSince),
    stateReason,
    activatedAt: instant(activatedAt),
    cursor,
    matched,
    failures,
    failingSince: instant(failingSince),
    nextAttemptAt: waits ? instant(Math.max(subscription.dueAt, 0)) : undefined,
    replay: replay && { fromSeq: replay.from, toSeq: replay.to, nextSeq: replay.next },
    redrives: subscription.redrives,
    previousSecretsUntil: until.length > 0 ? until.map(formatInstant) : undefined
  })
}

/** An attempt as it is answered. */
export function deliveryJson({ subscription: _, at, kind, ...rest }: Delivery) {
  return { ...rest, kind, at: formatInstant(at) }
}

/** A dead letter as it is answered. */
export function deadLetterJson({ subscription: _, at, isRedriving, ...rest }: DeadLetter) {
  return { ...rest, at: formatInstant(at), redriving: isRedriving }
}
