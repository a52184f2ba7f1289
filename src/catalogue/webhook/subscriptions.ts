import { type Fault, PortolanError } from '../../domain/errors.ts'
import { eventId } from '../../domain/event/ulid.ts'
import { pointerTo } from '../../domain/json/pointer.ts'
import { hasScope, type Key } from '../../domain/key.ts'
import type { DeadLetter, Delivery } from '../../domain/webhook/delivery.ts'
import type { Notice, NoticeType } from '../../domain/webhook/notice.ts'
import { canonicalHeaders, headerFaults } from '../../domain/webhook/receiver-header.ts'
import {
  type Replay,
  type Subscription,
  type SubscriptionDefinition,
  type SubscriptionState,
  subscriptionId
} from '../../domain/webhook/subscription.ts'
import { rotateSecret, secretBytes, secretText } from '../../domain/webhook/webhook-secret.ts'
import type { SubscriptionEdit } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'

/** What the use cases of subscriptions work with. */
export interface SubscriptionContext extends Pick<Catalogues, 'store' | 'now' | 'random' | 'heads'> {
  readonly receivers: {
    /** @throws PortolanError `egress_refused` where nothing may be sent to this URL. */
    check(url: string): Promise<void>
  }
}

/** Who asks. From a shell, and with the scope `admin`, all subscriptions are seen; a key sees its own. */
export type Viewer = Key | 'shell'

export interface Created {
  readonly subscription: Subscription
  /** Shown once. */
  readonly secret: string
}

/** How often a change is tried again when another one was faster. */
const attempts = 5

/**
 * Its cursor is at the end of the log, and it waits for a ping: nothing is sent before, so that the receiver can learn the secret first.
 * @throws PortolanError `invalid_body`, `egress_refused`
 */
export async function createSubscription(
  subscribing: SubscriptionContext,
  definition: SubscriptionDefinition,
  owner: string | undefined
): Promise<Created> {
  const { store, now, random, receivers } = subscribing
  refuseHeaders(definition)
  await receivers.check(definition.url)
  const createdAt = now()
  const id = subscriptionId(createdAt, random(10))
  const secret = secretText(random(secretBytes))
  await store.subscriptions.add({
    id,
    ...(owner !== undefined && { owner }),
    definition: { ...definition, headers: canonicalHeaders(definition.headers) },
    secrets: [{ text: secret }],
    createdAt
  })
  return { subscription: await requireSubscription(subscribing, 'shell', id), secret }
}

export async function listSubscriptions(
  { store }: SubscriptionContext,
  viewer: Viewer
): Promise<readonly Subscription[]> {
  return store.subscriptions.list(viewer === 'shell' || hasScope(viewer, 'admin') ? undefined : viewer.id)
}

/** Undefined also where it is another one's. */
export async function findSubscription(
  { store }: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Subscription | undefined> {
  const found = await store.subscriptions.find(id)
  const isSeen = viewer === 'shell' || hasScope(viewer, 'admin') || found?.owner === viewer.id
  return isSeen ? found : undefined
}

/** @throws PortolanError `not_found`, also where it is another one's. */
export async function requireSubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  const found = await findSubscription(subscribing, viewer, id)
  if (found) return found
  throw new PortolanError('not_found', `There is no subscription ${id}.`)
}

/** @throws PortolanError `not_found`, `invalid_body`, `egress_refused` */
export async function changeSubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string,
  change: (definition: SubscriptionDefinition) => SubscriptionDefinition
): Promise<Subscription> {
  return edit(subscribing, viewer, id, async (subscription) => {
    const { url, description, filter, format, ordering, isAsymmetric, headers } = subscription
    const described = description === undefined ? {} : { description }
    const changed = change({ url, ...described, filter, format, ordering, isAsymmetric, headers })
    refuseHeaders(changed)
    if (changed.url !== url) await subscribing.receivers.check(changed.url)
    return { definition: { ...changed, headers: canonicalHeaders(changed.headers) } }
  })
}

/** With its secret and its log. What is under way cannot be called back; nothing follows it. */
export async function deleteSubscription(subscribing: SubscriptionContext, viewer: Viewer, id: string): Promise<void> {
  await requireSubscription(subscribing, viewer, id)
  await subscribing.store.subscriptions.remove(id)
  await subscribing.heads.refresh()
}

/** Sends a signed ping; its answer makes the subscription active, whatever it was. */
export async function pingSubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return edit(subscribing, viewer, id, async ({ state }) => ({
    notices: [noticeOf(subscribing, 'subscription.ping', state)]
  }))
}

/** Without a ping: for administrators. */
export async function activateSubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return edit(subscribing, viewer, id, async ({ state }) =>
    state === 'active'
      ? {}
      : move(subscribing, state, 'active', 'subscription.activated', 'Activated by an administrator.')
  )
}

/** Nothing is sent until it is resumed; its cursor waits. */
export async function pauseSubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return edit(subscribing, viewer, id, async ({ state }) =>
    state === 'paused' ? {} : move(subscribing, state, 'paused', 'subscription.paused', 'Paused by its owner.')
  )
}

/** Active again, from wherever it was. One that never was active needs a ping. */
export async function resumeSubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return edit(subscribing, viewer, id, async ({ state, activatedAt }) => {
    const to = activatedAt === undefined ? 'pending' : 'active'
    if (state === 'pending')
      throw new PortolanError('wrong_state', `The subscription ${id} was never active: ping its receiver first.`)
    return state === to ? {} : move(subscribing, state, to, 'subscription.resumed', 'Resumed by its owner.')
  })
}

/** The replaced secret signs for 24 hours more, and at most two replaced ones do. */
export async function rotateSubscriptionSecret(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string
): Promise<Created> {
  const { now, random } = subscribing
  const secret = secretText(random(secretBytes))
  const subscription = await edit(subscribing, viewer, id, async ({ secrets }) => ({
    secrets: rotateSecret(secrets, secret, now())
  }))
  return { subscription, secret }
}

/**
 * Sends a range of the log once more, before what is new. Beyond the cursor nothing is replayed: that comes anyway. A replay that is under
 * way is made wider.
 * @throws PortolanError `not_found`, `invalid_parameter`
 */
export async function replaySubscription(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string,
  { fromSeq, toSeq }: { readonly fromSeq: number; readonly toSeq?: number }
): Promise<Subscription> {
  if (toSeq !== undefined && toSeq < fromSeq)
    throw new PortolanError('invalid_parameter', `toSeq=${toSeq} lies before fromSeq=${fromSeq}.`)
  return edit(subscribing, viewer, id, async ({ cursor, replay }) => {
    const to = Math.min(toSeq ?? cursor, cursor)
    if (to < fromSeq) return {}
    return { replay: wider({ from: fromSeq, to }, replay) }
  })
}

function wider({ from, to }: { readonly from: number; readonly to: number }, running: Replay | undefined) {
  return running ? { from: Math.min(from, running.next), to: Math.max(to, running.to) } : { from, to }
}

/** Newest first. */
export async function listDeliveries(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string,
  page: { readonly before?: number; readonly limit: number }
): Promise<readonly Delivery[]> {
  await requireSubscription(subscribing, viewer, id)
  return subscribing.store.subscriptions.deliveries(id, page)
}

/** Ascending by seq. */
export async function listDeadLetters(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string,
  { after, limit }: { readonly after?: number; readonly limit: number }
): Promise<readonly DeadLetter[]> {
  await requireSubscription(subscribing, viewer, id)
  return subscribing.store.subscriptions.deadLetters(id, limit, after)
}

/** Sends refused events again, all or those named: how many. */
export async function redriveDeadLetters(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string,
  seqs: readonly number[] | undefined
): Promise<number> {
  await requireSubscription(subscribing, viewer, id)
  const count = await subscribing.store.subscriptions.redrive(id, seqs, subscribing.now())
  await subscribing.heads.refresh()
  return count
}

/** Decides on what is there and writes it, anew where another change was faster. Whoever delivers is woken. */
async function edit(
  subscribing: SubscriptionContext,
  viewer: Viewer,
  id: string,
  decide: (subscription: Subscription) => Promise<SubscriptionEdit>
): Promise<Subscription> {
  const { store, now, heads } = subscribing
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const subscription = await requireSubscription(subscribing, viewer, id)
    const decision = await decide(subscription)
    if (Object.keys(decision).length === 0) return subscription
    if (!(await store.subscriptions.edit(id, subscription.version, decision, now()))) continue
    await heads.refresh()
    return requireSubscription(subscribing, viewer, id)
  }
  throw new PortolanError('conflict', `Other changes of the subscription ${id} were faster. Try again.`)
}

function move(
  subscribing: SubscriptionContext,
  from: SubscriptionState,
  to: SubscriptionState,
  type: NoticeType,
  reason: string
): SubscriptionEdit {
  return { state: { to, reason }, notices: [noticeOf(subscribing, type, to, from, reason)] }
}

function noticeOf(
  { now, random }: SubscriptionContext,
  type: NoticeType,
  state: SubscriptionState,
  previousState?: SubscriptionState,
  reason?: string
): Notice {
  const occurredAt = now()
  return {
    id: eventId(occurredAt, random(10)),
    type,
    occurredAt,
    state,
    ...(previousState !== undefined && { previousState }),
    ...(reason !== undefined && { reason })
  }
}

function refuseHeaders({ headers }: SubscriptionDefinition): void {
  // A fault without a name is one of all header fields together.
  const faults = [...headerFaults(headers)].map(([name, detail]): Fault => {
    return { pointer: `/headers${name === '' ? '' : pointerTo(name)}`, code: 'invalid_parameter', detail }
  })
  if (faults.length > 0) throw new PortolanError('invalid_body', 'The header fields have faults.', { faults })
}
