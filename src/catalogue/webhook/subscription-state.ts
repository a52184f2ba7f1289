import { PortolanError } from '../../domain/errors.ts'
import { eventId } from '../../domain/event/ulid.ts'
import { isUsable } from '../../domain/key.ts'
import type { Notice, NoticeType } from '../../domain/webhook/notice.ts'
import type { Subscription, SubscriptionState } from '../../domain/webhook/subscription.ts'
import type { SubscriptionEdit } from '../../store/store.ts'
import { editLatest, type SubscriptionEditor, type Viewer } from './subscriptions.ts'

/** Sends a signed ping. If the receiver answers it, the subscription becomes active, whatever its state was. @throws PortolanError `not_found`, `wrong_state` */
export async function pingSubscription(context: SubscriptionEditor, viewer: Viewer, id: string): Promise<Subscription> {
  return editLatest(context, viewer, id, async ({ state, owner }) => {
    await requireLivingOwner(context, owner)
    return { notices: [noticeOf(context, 'subscription.ping', state)] }
  })
}

/** Makes a subscription active without a ping, for administrators. @throws PortolanError `not_found`, `wrong_state` */
export async function activateSubscription(
  context: SubscriptionEditor,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return editLatest(context, viewer, id, async ({ state, owner }) => {
    await requireLivingOwner(context, owner)
    return state === 'active'
      ? {}
      : changeOfState(context, state, 'active', 'subscription.activated', 'Activated by an administrator.')
  })
}

/** Pauses a subscription: nothing is sent until it is resumed, and its cursor waits. */
export async function pauseSubscription(
  context: SubscriptionEditor,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return editLatest(context, viewer, id, async ({ state }) =>
    state === 'paused' ? {} : changeOfState(context, state, 'paused', 'subscription.paused', 'Paused by its owner.')
  )
}

/**
 * Makes a subscription active again, from any state, if it was active before.
 * @throws PortolanError `not_found`, and `wrong_state` where it was never active, so that it needs a ping first, or where the key of its owner has ended
 */
export async function resumeSubscription(
  context: SubscriptionEditor,
  viewer: Viewer,
  id: string
): Promise<Subscription> {
  return editLatest(context, viewer, id, async ({ state, activatedAt, owner }) => {
    await requireLivingOwner(context, owner)
    const to = activatedAt === undefined ? 'pending' : 'active'
    if (state === 'pending')
      throw new PortolanError('wrong_state', `The subscription ${id} was never active: ping its receiver first.`)
    return state === to ? {} : changeOfState(context, state, to, 'subscription.resumed', 'Resumed by its owner.')
  })
}

/**
 * Pauses the subscriptions of keys that were revoked or have expired. Several processes may do this at once: each subscription is paused
 * once. The answer is the ids of those that were paused here.
 */
export async function pauseOrphans(context: SubscriptionEditor): Promise<readonly string[]> {
  const { store, now } = context
  const owners = await store.subscriptions.owners()
  const paused: string[] = []
  for (const key of await store.keys(owners)) {
    if (isUsable(key, now())) continue
    for (const { id } of await store.subscriptions.list(key.id)) if (await pauseOrphan(context, id)) paused.push(id)
  }
  return paused
}

async function pauseOrphan(context: SubscriptionEditor, id: string): Promise<boolean> {
  let isPaused = false
  // Its owner may have deleted it meanwhile.
  if (!(await context.store.subscriptions.find(id))) return false
  await editLatest(context, 'shell', id, async ({ state }) => {
    isPaused = state !== 'paused' && state !== 'gone'
    return isPaused ? changeOfState(context, state, 'paused', 'subscription.paused', 'owner_revoked') : {}
  })
  return isPaused
}

/** @throws PortolanError `wrong_state` where the key that owns a subscription was revoked or has expired. */
async function requireLivingOwner({ store, now }: SubscriptionEditor, owner: string | undefined): Promise<void> {
  const [key] = owner === undefined ? [] : await store.keys([owner])
  if (!key || isUsable(key, now())) return
  throw new PortolanError(
    'wrong_state',
    `The key ${key.id}, which owns the subscription, was revoked or has expired. Create the subscription anew with another key.`
  )
}

function changeOfState(
  context: SubscriptionEditor,
  from: SubscriptionState,
  to: SubscriptionState,
  type: NoticeType,
  reason: string
): SubscriptionEdit {
  return { state: { to, reason }, notices: [noticeOf(context, type, to, from, reason)] }
}

function noticeOf(
  { now, random }: SubscriptionEditor,
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
