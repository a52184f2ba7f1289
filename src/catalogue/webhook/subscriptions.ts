import { type Fault, PortolanError } from '../../domain/errors.ts'
import { pointerTo } from '../../domain/json/pointer.ts'
import { hasScope, type Key } from '../../domain/key.ts'
import { type Narrowing, namesCatalogue } from '../../domain/narrowing.ts'
import { type Creation, keptCreation } from '../../domain/webhook/creation.ts'
import type { DeadLetter, Delivery } from '../../domain/webhook/delivery.ts'
import { canonicalHeaders, headerFaults } from '../../domain/webhook/receiver-header.ts'
import {
  type Replay,
  type Subscription,
  type SubscriptionDefinition,
  subscriptionId
} from '../../domain/webhook/subscription.ts'
import type { SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'
import { rotateSecret, secretBytes, secretText } from '../../domain/webhook/webhook-secret.ts'
import type { SubscriptionEdit } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** What is needed to change the state of a subscription. */
export type SubscriptionEditor = Pick<Catalogues, 'store' | 'now' | 'random' | 'heads'>

/** What the use cases of subscriptions work with. */
export interface SubscriptionContext extends SubscriptionEditor {
  readonly receivers: {
    /** @throws PortolanError `egress_refused` where nothing may be sent to the URL. */
    check(url: string): Promise<void>
  }
}

/**
 * Who asks. A key sees its own subscriptions. A shell, and a key with the scope `admin`, see all of them; a key that is narrowed to catalogues
 * sees its own whatever its scopes are.
 */
export type Viewer = Key | 'shell'

export interface Created {
  readonly subscription: Subscription
  /** Shown once. */
  readonly secret: string
}

export interface Wanted {
  readonly definition: SubscriptionDefinition
  /** The key that owns it. */
  readonly owner?: string | undefined
  /** A secret that the receiver has already. */
  readonly secret?: string | undefined
  /** Only an owner can name a request. */
  readonly creation?: Creation | undefined
}

/** How often a change is decided when other changes are faster. */
const attempts = 5

/**
 * Creates a subscription whose cursor is at the end of the log. It waits for a ping: nothing is sent before, so that its receiver can learn
 * the secret first. A key that is narrowed to catalogues gets their events only. A creation that was asked for before makes nothing new.
 * @throws PortolanError `invalid_body`, `insufficient_scope`, `egress_refused`, `idempotency_key_reused`
 */
export async function createSubscription(context: SubscriptionContext, wanted: Wanted): Promise<Created> {
  const made = await madeBefore(context, wanted)
  if (made) return made
  const { store, now, random, receivers } = context
  const { definition, owner, creation } = wanted
  refuseHeaders(definition)
  const [key] = owner === undefined ? [] : await store.keys([owner])
  const filter = narrowedFilter(definition.filter, key?.catalogues)
  await receivers.check(definition.url)
  const createdAt = now()
  const id = subscriptionId(createdAt, random(10))
  const secret = wanted.secret ?? secretText(random(secretBytes))
  const isAdded = await store.subscriptions.add({
    id,
    ...(owner !== undefined && { owner }),
    ...(creation && { creation: keptCreation(creation, secret) }),
    definition: { ...definition, filter, headers: canonicalHeaders(definition.headers) },
    secrets: [{ text: secret }],
    createdAt
  })
  // The same request came twice at once, and the other one was faster.
  if (!isAdded) return createSubscription(context, wanted)
  return { subscription: await requireSubscription(context, 'shell', id), secret }
}

/** What the same request made before, with the secret that was answered then. @throws PortolanError `idempotency_key_reused` */
async function madeBefore({ store, now }: SubscriptionContext, wanted: Wanted): Promise<Created | undefined> {
  const { owner, creation } = wanted
  if (owner === undefined || !creation) return undefined
  const made = await store.subscriptions.made(owner, creation.key, now())
  // A secret that is replaced signs for a day: the oldest is the first.
  const secret = made?.subscription.secrets.at(-1)?.text
  if (!made || secret === undefined) return undefined
  if (made.creation.digest === keptCreation(creation, secret).digest) return { subscription: made.subscription, secret }
  throw new PortolanError(
    'idempotency_key_reused',
    `The idempotency key ${creation.key} stands for the request that made the subscription ${made.subscription.id}, and this request is another one. Give it another key.`
  )
}

/** The subscriptions that a viewer sees, oldest first. */
export async function listSubscriptions(
  { store }: Pick<SubscriptionContext, 'store'>,
  viewer: Viewer
): Promise<readonly Subscription[]> {
  return store.subscriptions.list(viewer === 'shell' || seesAll(viewer) ? undefined : viewer.id)
}

/** A subscription that a viewer sees; undefined also where another key owns it. */
export async function findSubscription(
  { store }: Pick<SubscriptionEditor, 'store'>,
  viewer: Viewer,
  id: string
): Promise<Subscription | undefined> {
  const found = await store.subscriptions.find(id)
  const isSeen = viewer === 'shell' || seesAll(viewer) || found?.owner === viewer.id
  return isSeen ? found : undefined
}

function seesAll(key: Key): boolean {
  return hasScope(key, 'admin') && key.catalogues === undefined
}

/** @throws PortolanError `not_found`, also where another key owns the subscription. */
export async function requireSubscription(
  context: Pick<SubscriptionEditor, 'store'>,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  const found = await findSubscription(context, viewer, id)
  if (found) return found
  throw new PortolanError('not_found', `There is no subscription ${id}.`)
}

/**
 * Changes the definition of a subscription. With another URL it waits for a ping again: that receiver has not said yet that it wants anything.
 * @throws PortolanError `not_found`, `invalid_body`, `insufficient_scope`, `egress_refused`
 */
export async function changeSubscription(
  context: SubscriptionContext,
  viewer: Viewer,
  id: string,
  change: (definition: SubscriptionDefinition) => SubscriptionDefinition
): Promise<Subscription> {
  return editLatest(context, viewer, id, async (subscription) => {
    const { url, description, filter, format, ordering, isAsymmetric, headers } = subscription
    const described = description === undefined ? {} : { description }
    const asked = change({ url, ...described, filter, format, ordering, isAsymmetric, headers })
    const changed = { ...asked, filter: narrowedFilter(asked.filter, filter.within) }
    refuseHeaders(changed)
    const definition = { ...changed, headers: canonicalHeaders(changed.headers) }
    if (changed.url === url) return { definition }
    await context.receivers.check(changed.url)
    return { definition, state: { to: 'pending', reason: 'Its URL was changed: the receiver has to answer a ping.' } }
  })
}

/** Deletes a subscription with its secret and its log of deliveries. A request that is under way is the last one. */
export async function deleteSubscription(context: SubscriptionContext, viewer: Viewer, id: string): Promise<void> {
  await requireSubscription(context, viewer, id)
  await context.store.subscriptions.remove(id)
  await context.heads.refresh()
}

/** Replaces the secret by a new one, or one that the owner brings. The old one signs for 24 hours more, and at most two old secrets do. */
export async function rotateSubscriptionSecret(
  context: SubscriptionContext,
  viewer: Viewer,
  id: string,
  ownSecret?: string
): Promise<Created> {
  const { now, random } = context
  const secret = ownSecret ?? secretText(random(secretBytes))
  const subscription = await editLatest(context, viewer, id, async ({ secrets }) => ({
    secrets: rotateSecret(secrets, secret, now())
  }))
  return { subscription, secret }
}

/**
 * Sends a range of the log once more, before new events. Events beyond the cursor are not replayed, since they will be sent anyway. A replay
 * that is under way is extended.
 * @throws PortolanError `not_found`, `invalid_parameter`
 */
export async function replaySubscription(
  context: SubscriptionContext,
  viewer: Viewer,
  id: string,
  { fromSeq, toSeq }: { readonly fromSeq: number; readonly toSeq?: number }
): Promise<Subscription> {
  if (toSeq !== undefined && toSeq < fromSeq)
    throw new PortolanError('invalid_parameter', `toSeq=${toSeq} lies before fromSeq=${fromSeq}.`)
  return editLatest(context, viewer, id, async ({ cursor, replay }) => {
    const to = Math.min(toSeq ?? cursor, cursor)
    if (to < fromSeq) return {}
    return { replay: widenReplay({ from: fromSeq, to }, replay) }
  })
}

function widenReplay({ from, to }: { readonly from: number; readonly to: number }, running: Replay | undefined) {
  return running ? { from: Math.min(from, running.next), to: Math.max(to, running.to) } : { from, to }
}

/** A page of the log of deliveries, newest first. @throws PortolanError `not_found` */
export async function listDeliveries(
  context: Pick<SubscriptionContext, 'store'>,
  viewer: Viewer,
  id: string,
  page: { readonly before?: number; readonly limit: number }
): Promise<readonly Delivery[]> {
  await requireSubscription(context, viewer, id)
  return context.store.subscriptions.deliveries(id, page)
}

/** A page of the dead letters, ascending by seq. @throws PortolanError `not_found` */
export async function listDeadLetters(
  context: SubscriptionContext,
  viewer: Viewer,
  id: string,
  { after, limit }: { readonly after?: number; readonly limit: number }
): Promise<readonly DeadLetter[]> {
  await requireSubscription(context, viewer, id)
  return context.store.subscriptions.deadLetters(id, limit, after)
}

/** Sends the named dead letters, or all, again. The answer is their number. @throws PortolanError `not_found` */
export async function redriveDeadLetters(
  context: SubscriptionContext,
  viewer: Viewer,
  id: string,
  seqs: readonly number[] | undefined
): Promise<number> {
  await requireSubscription(context, viewer, id)
  const count = await context.store.subscriptions.redrive(id, seqs, context.now())
  await context.heads.refresh()
  return count
}

/** Decides an edit of the latest version and writes it. If another edit is faster, it is decided again. The refresh wakes the couriers. */
export async function editLatest(
  context: SubscriptionEditor,
  viewer: Viewer,
  id: string,
  decide: (subscription: Subscription) => Promise<SubscriptionEdit>
): Promise<Subscription> {
  const { store, now, heads } = context
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const subscription = await requireSubscription(context, viewer, id)
    const decision = await decide(subscription)
    if (Object.keys(decision).length === 0) return subscription
    if (!(await store.subscriptions.edit(id, subscription.version, decision, now()))) continue
    await heads.refresh()
    return requireSubscription(context, viewer, id)
  }
  throw new PortolanError('conflict', `Other changes of the subscription ${id} were faster. Try again.`)
}

/** The filter of a subscription whose owner may touch some catalogues only. @throws PortolanError `insufficient_scope` */
function narrowedFilter(filter: SubscriptionFilter, within: Narrowing | undefined): SubscriptionFilter {
  if (!within) return filter
  const outside = filter.catalogues?.find((catalogue) => !namesCatalogue(within, catalogue))
  if (outside === undefined) return { ...filter, within }
  throw new PortolanError(
    'insufficient_scope',
    `The key that owns the subscription may not touch the catalogue ${outside}: it is narrowed to ${within.join(', ')}.`,
    { extra: { catalogue: outside } }
  )
}

function refuseHeaders({ headers }: SubscriptionDefinition): void {
  // A fault without a name is one of all header fields together.
  const faults = [...headerFaults(headers)].map(([name, detail]): Fault => {
    return { pointer: `/headers${name === '' ? '' : pointerTo(name)}`, code: 'invalid_parameter', detail }
  })
  if (faults.length > 0) throw new PortolanError('invalid_body', 'The header fields have faults.', { faults })
}
