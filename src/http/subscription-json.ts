import type { DeadLetter, Delivery } from '../domain/delivery.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import { present } from '../domain/present.ts'
import { isSending, type Subscription, type SubscriptionDefinition } from '../domain/subscription.ts'
import type { SubscriptionFilter } from '../domain/subscription-filter.ts'
import { usableSecrets } from '../domain/webhook-secret.ts'
import type { SubscriptionInput, SubscriptionPatch } from './subscription-schema.ts'

const instant = (at: Instant | undefined) => (at === undefined ? undefined : formatInstant(at))

/** A subscription as it is answered: without secrets, and without the values of its header fields, which may be some. */
export function subscriptionJson(subscription: Subscription, now: Instant) {
  const { id, owner, url, description, format, ordering, isAsymmetric, state, stateReason, headers } = subscription
  const { createdAt, updatedAt, stateSince, activatedAt, cursor, matched, failures, failingSince, replay } =
    subscription
  const { types, catalogues, ...inside } = subscription.filter
  const filter = present(inside)
  const names = Object.keys(headers)
  const waits = isSending(state) && (matched > cursor || replay !== undefined || subscription.redrives > 0)
  const until = usableSecrets(subscription.secrets, now).flatMap(({ expiresAt }) => expiresAt ?? [])
  return present({
    ...{ id, owner, url, description, types, catalogues },
    filter: Object.keys(filter).length > 0 ? filter : undefined,
    ...{ format, ordering, asymmetric: isAsymmetric },
    headers: names.length > 0 ? Object.fromEntries(names.map((name) => [name, '***'])) : undefined,
    createdAt: formatInstant(createdAt),
    updatedAt: formatInstant(updatedAt),
    state,
    stateSince: formatInstant(stateSince),
    stateReason,
    activatedAt: instant(activatedAt),
    ...{ cursor, matched, failures },
    failingSince: instant(failingSince),
    nextAttemptAt: waits ? instant(Math.max(subscription.dueAt, 0)) : undefined,
    replay: replay && { fromSeq: replay.from, toSeq: replay.to, nextSeq: replay.next },
    redrives: subscription.redrives,
    previousSecretsUntil: until.length > 0 ? until.map(formatInstant) : undefined
  })
}

/** What is created, with defaults for what is not said. */
export function definitionOf(input: SubscriptionInput): SubscriptionDefinition {
  const { url, description, types, catalogues, filter, format, ordering, asymmetric, headers } = input
  return {
    url,
    ...(description !== undefined && { description }),
    filter: filterOf({ types, catalogues, filter }),
    format: format ?? 'standard',
    ordering: ordering ?? 'strict',
    isAsymmetric: asymmetric ?? false,
    headers: headers ?? {}
  }
}

type Wanted<T> = T | null | undefined

/** A definition after an RFC 7396 patch: what it does not name stays, null takes away. */
export function patched(definition: SubscriptionDefinition, patch: SubscriptionPatch): SubscriptionDefinition {
  const { types, catalogues, ...inside } = definition.filter
  const { url, description, filter, format, ordering, asymmetric, headers } = patch
  const stays = <T>(wanted: Wanted<T>, before: T | undefined): T | undefined =>
    wanted === undefined ? before : (wanted ?? undefined)
  const { description: before, ...rest } = definition
  const after = stays(description, before)
  return {
    ...rest,
    ...(url !== undefined && { url }),
    ...(after !== undefined && { description: after }),
    filter: filterOf({
      types: stays(patch.types, types),
      catalogues: stays(patch.catalogues, catalogues),
      filter: stays<FilterParts['filter']>(filter, inside)
    }),
    format: format ?? definition.format,
    ordering: ordering ?? definition.ordering,
    isAsymmetric: asymmetric ?? definition.isAsymmetric,
    headers: stays(headers, definition.headers) ?? {}
  }
}

interface FilterParts {
  readonly types: SubscriptionFilter['types'] | undefined
  readonly catalogues: SubscriptionFilter['catalogues'] | undefined
  readonly filter: NonNullable<SubscriptionInput['filter']> | SubscriptionFilter | undefined
}

function filterOf({ types, catalogues, filter = {} }: FilterParts): SubscriptionFilter {
  const { requirements, tags, scope, direction, impact } = filter
  return present({
    types,
    catalogues,
    requirements,
    tags,
    scope: several<NonNullable<SubscriptionFilter['scope']>[number]>(scope),
    direction: several<NonNullable<SubscriptionFilter['direction']>[number]>(direction),
    impact: several<NonNullable<SubscriptionFilter['impact']>[number]>(impact)
  })
}

function several<T extends string>(words: T | readonly T[] | undefined): readonly T[] | undefined {
  if (words === undefined) return undefined
  return typeof words === 'string' ? [words] : words
}

export function deliveryJson({ subscription: _, at, kind, ...rest }: Delivery) {
  return { ...rest, kind, at: formatInstant(at) }
}

export function deadLetterJson({ subscription: _, at, isRedriving, ...rest }: DeadLetter) {
  return { ...rest, at: formatInstant(at), redriving: isRedriving }
}
