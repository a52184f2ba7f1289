import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/catalogues.ts'
import { eventId } from '../domain/event/ulid.ts'
import type { Instant } from '../domain/time/instant.ts'
import { type DeliveryTask, deliveryOf, loggedNotice } from '../domain/webhook/delivery.ts'
import type { Notice } from '../domain/webhook/notice.ts'
import { isTaken, type Outcome } from '../domain/webhook/outcome.ts'
import { type Attempt, type Settlement, settle } from '../domain/webhook/settle.ts'
import { isSending, type Progress, progressOf, type Subscription } from '../domain/webhook/subscription.ts'
import { type TokenBucket, takeToken } from '../domain/webhook/token-bucket.ts'
import type { SigningKey } from '../domain/webhook/webhook-signature.ts'
import type { Sender } from '../render/webhook/webhook.ts'
import type { Leased, Result } from '../store/store.ts'
import { countUp, type DeliveryCounters } from './counters.ts'
import type { ResultWriter } from './result-writer.ts'
import { type Next, TaskQueue } from './task-queue.ts'
import type { WebhookTransport } from './transport.ts'
import { webhookRequest } from './webhook-request.ts'

/** What couriers share. */
export interface CourierContext {
  readonly catalogues: Catalogues
  readonly transport: WebhookTransport
  readonly results: ResultWriter
  readonly sender: () => Sender
  readonly signingKey: () => Promise<SigningKey>
  /** In [0, 1). */
  readonly chance: () => number
  /** Requests a second for each subscription. */
  readonly rate: number
  readonly tally: DeliveryCounters
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>
  /** By subscription. */
  readonly buckets: Map<string, TokenBucket>
  /** Nothing new is begun. */
  isStopping: boolean
  /** What is under way is given up, and counts for nothing. */
  isGivenUp: boolean
}

/** How long a lease holds: longer than any attempt. */
export const leaseMs = 45_000
/** After so long a courier lets others have their turn. */
const turnMs = 10_000

/**
 * Sends to one leased subscription until nothing is left to be sent, the receiver has to wait, or the lease is lost. What comes next is
 * decided on what the store says when an attempt was written, so what its owner changes counts from the next request on.
 */
export async function deliverTo(post: CourierContext, { subscription: first, fence }: Leased): Promise<void> {
  const { store, now } = post.catalogues
  const tasks = new TaskQueue(post.catalogues)
  const end = performance.now() + turnMs
  let hasWaited = false
  for (let subscription: Subscription | undefined = first; subscription; ) {
    const isOver = post.isStopping || performance.now() > end
    const next: Next = isOver ? restOf(subscription) : await tasks.next(subscription, now())
    const waitMs: number = next.kind === 'send' && !hasWaited ? waitFor(post, first.id, next.tasks.length) : 0
    hasWaited = waitMs > 0
    if (hasWaited) {
      await pause(waitMs)
      subscription = await store.subscriptions.leased(first.id, fence)
      continue
    }
    const settled = (await settledOf(post, subscription, next)) ?? unchanged(subscription)
    const goesOn = next.kind !== 'rest' && !post.isStopping && hasMore(subscription, settled, now())
    const leaseUntil = goesOn ? now() + leaseMs : 0
    const written = { id: first.id, fence, before: subscription, ...settled, at: now(), leaseUntil }
    subscription = await post.results.write(written)
    if (!goesOn) return
  }
}

type Settled = Pick<Result, 'settlement' | 'deliveries' | 'notices'>

function unchanged(progress: Progress): Settled {
  return { settlement: { progress, deadLetters: [], redriven: [], settledNotices: [] }, deliveries: [], notices: [] }
}

function restOf(subscription: Subscription): Next {
  return { kind: 'rest', progress: progressOf(subscription) }
}

/** Undefined where the attempts were given up. */
async function settledOf(post: CourierContext, subscription: Subscription, next: Next): Promise<Settled | undefined> {
  switch (next.kind) {
    case 'rest':
      return unchanged(next.progress)
    case 'note':
      return next.notice ? noted(post, subscription, next.progress, next.notice) : unchanged(next.progress)
    case 'send':
      return attempt(post, subscription, next.tasks)
    default:
      throw new Error(`unknown step ${next satisfies never}`)
  }
}

/** A notice that the receiver is not told stands in the log of deliveries all the same. */
function noted(post: CourierContext, subscription: Subscription, progress: Progress, notice: Notice): Settled {
  tell(post, subscription, notice)
  const number = subscription.attempts + 1
  const { id, url } = subscription
  const delivery = loggedNotice({ id, url }, number, notice, post.catalogues.now())
  const { settlement } = unchanged({ ...progress, attempts: number })
  return { settlement: { ...settlement, settledNotices: [notice.id] }, deliveries: [delivery], notices: [] }
}

async function attempt(
  post: CourierContext,
  subscription: Subscription,
  tasks: readonly DeliveryTask[]
): Promise<Settled | undefined> {
  const { now, random } = post.catalogues
  const at = now()
  const key = subscription.isAsymmetric ? await post.signingKey() : undefined
  const sender = post.sender()
  const send = async (task: DeliveryTask): Promise<Attempt> => {
    const request = webhookRequest(subscription, task, { sender, now: at, ...(key && { key }) })
    return { task, outcome: await post.transport.send(request) }
  }
  const attempts = await Promise.all(tasks.map(send))
  if (post.isGivenUp) return undefined
  const settlement = settle(subscription, attempts, { now: now(), random: post.chance() })
  const deliveries = attempts.map(({ task, outcome }, index) =>
    deliveryOf(subscription, subscription.attempts + 1 + index, task, outcome, at)
  )
  for (const { task, outcome } of attempts) {
    count(post, outcome)
    if (task.kind === 'notice') tell(post, subscription, task.notice)
  }
  for (const delivery of deliveries) {
    const { subscription, type, seq, result, status, error, durationMs } = delivery
    post.log.debug({ subscription, type, seq, result, status, error, durationMs }, 'delivery')
  }
  for (const { seq, status } of settlement.deadLetters)
    post.log.warn({ subscription: subscription.id, seq, status }, 'dead letter')
  return { settlement, deliveries, notices: noticesOf(settlement, now(), random) }
}

function noticesOf({ change }: Settlement, now: Instant, random: Catalogues['random']): readonly Notice[] {
  if (!change) return []
  const { from, to, type, reason } = change
  return [{ id: eventId(now, random(10)), type, occurredAt: now, state: to, previousState: from, reason }]
}

/** Whether something is left to be sent at once, as far as is known here. */
function hasMore({ state }: Subscription, { settlement, notices }: Settled, now: Instant): boolean {
  const { progress, change } = settlement
  if (progress.notices + notices.length > 0) return true
  const { cursor, matched, replay, redrives, dueAt } = progress
  const isFree = isSending(change?.to ?? state) && dueAt <= now
  return isFree && (matched > cursor || replay !== undefined || redrives > 0)
}

/** How long these requests must wait, which are counted as sent. */
function waitFor({ buckets, rate }: CourierContext, id: string, requests: number): number {
  let waitMs = 0
  for (let request = 0; request < requests; request += 1) {
    const taken = takeToken(buckets.get(id), performance.now(), rate)
    buckets.set(id, taken.bucket)
    waitMs = taken.waitMs
  }
  return waitMs
}

function count({ tally }: CourierContext, outcome: Outcome): void {
  const failure = outcome.kind === 'failed' ? outcome.error : `status_${Math.floor(outcome.status / 100)}xx`
  countUp(tally.attempts, isTaken(outcome) ? 'delivered' : failure)
  tally.attemptSeconds += outcome.durationMs / 1000
}

function tell({ tally, log }: CourierContext, { id, owner }: Subscription, notice: Notice): void {
  const { type, state, previousState, reason } = notice
  countUp(tally.notices, type)
  const level = state === 'degraded' || state === 'suspended' || state === 'gone' ? 'warn' : 'info'
  log[level]({ subscription: id, owner, type, state, previousState, reason }, 'subscription')
}
