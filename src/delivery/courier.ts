import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Catalogues } from '../catalogue/catalogues.ts'
import { eventId } from '../domain/event/ulid.ts'
import type { Instant } from '../domain/time/instant.ts'
import { type TokenBucket, takeTokens } from '../domain/token-bucket.ts'
import { type DeliveryTask, deliveryOf, loggedNotice } from '../domain/webhook/delivery.ts'
import type { Notice } from '../domain/webhook/notice.ts'
import { isTaken, type Outcome } from '../domain/webhook/outcome.ts'
import { type Attempt, type Settlement, settle } from '../domain/webhook/settle.ts'
import { isSending, type Progress, progressOf, type Subscription } from '../domain/webhook/subscription.ts'
import type { SigningKey } from '../domain/webhook/webhook-signature.ts'
import type { Sender } from '../render/webhook/webhook.ts'
import type { Leased, Result } from '../store/store.ts'
import { countUp, type DeliveryCounters } from './counters.ts'
import type { ResultWriter } from './result-writer.ts'
import { type NextStep, TaskQueue } from './task-queue.ts'
import type { WebhookTransport } from './transport.ts'
import { webhookRequest } from './webhook-request.ts'

/** What the couriers of a process share. */
export interface CourierContext {
  readonly catalogues: DeliverySources
  readonly transport: WebhookTransport
  readonly results: ResultWriter
  readonly sender: () => Sender
  readonly signingKey: () => Promise<SigningKey>
  /** A random number in [0, 1). */
  readonly chance: () => number
  /** How many requests a second a subscription may get. */
  readonly rate: number
  readonly counters: DeliveryCounters
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>
  /** By subscription. */
  readonly buckets: Map<string, TokenBucket>
  /** Once it is aborted, no courier begins anything new. */
  readonly stopping: AbortSignal
  /** Once it is aborted, attempts that are under way are given up, and their outcomes are not recorded. */
  readonly givingUp: AbortSignal
}

/** What delivering needs of the catalogues. */
export type DeliverySources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'now' | 'random'>

/** How long a lease holds: longer than any attempt. */
export const leaseMs = 45_000
/** How long a courier stays with one subscription while others may be waiting. */
const turnMs = 10_000

/**
 * Sends to one leased subscription until nothing is left to be sent, the receiver has to wait, or the lease is lost. Each step is chosen
 * by what the store says after the step before was written, so a change by the owner counts from the next request on.
 */
export async function deliverTo(context: CourierContext, { subscription: leased, fence }: Leased): Promise<void> {
  const { catalogues, stopping, results } = context
  const { now } = catalogues
  const tasks = new TaskQueue(catalogues)
  const end = performance.now() + turnMs
  const choose = async (subscription: Subscription): Promise<NextStep> =>
    stopping.aborted || !catalogues.heads.freshness.isClockTrusted || performance.now() > end
      ? nothingDue(subscription)
      : tasks.next(subscription, now())

  let current = leased
  while (true) {
    const turn = await waitForTurn(context, { subscription: current, fence }, choose)
    if (!turn) return
    const { subscription, step } = turn
    const settled = (await carryOut(context, subscription, step)) ?? onlyProgress(subscription)
    const goesOn = step.kind !== 'nothingDue' && !stopping.aborted && hasMore(subscription, settled, now())
    const written = await results.write({
      id: subscription.id,
      fence,
      before: subscription,
      ...settled,
      at: now(),
      leaseMs: goesOn ? leaseMs : 0
    })
    if (!written || !goesOn) return
    current = written
  }
}

interface Turn {
  readonly subscription: Subscription
  readonly step: NextStep
}

/**
 * Chooses the next step of a subscription, and waits until its rate allows the requests of that step. The owner may change the
 * subscription meanwhile, so after a wait it is read again and its step is chosen anew. Undefined where the lease was lost.
 */
async function waitForTurn(
  context: CourierContext,
  { subscription, fence }: Leased,
  choose: (subscription: Subscription) => Promise<NextStep>
): Promise<Turn | undefined> {
  const step = await choose(subscription)
  const waitMs = step.kind === 'send' ? waitOfTokens(context, subscription.id, step.tasks.length) : 0
  if (waitMs === 0) return { subscription, step }
  await pause(waitMs)
  const current = await context.catalogues.store.subscriptions.leased(subscription.id, fence)
  return current && { subscription: current, step: await choose(current) }
}

/** What a step leads to, as it is written. */
type Settled = Pick<Result, 'settlement' | 'deliveries' | 'notices'>

function onlyProgress(progress: Progress): Settled {
  return { settlement: { progress, deadLetters: [], redriven: [], settledNotices: [] }, deliveries: [], notices: [] }
}

function nothingDue(subscription: Subscription): NextStep {
  return { kind: 'nothingDue', progress: progressOf(subscription) }
}

/** Undefined where the attempts were given up. */
async function carryOut(
  context: CourierContext,
  subscription: Subscription,
  step: NextStep
): Promise<Settled | undefined> {
  switch (step.kind) {
    case 'nothingDue':
    case 'skip':
      return onlyProgress(step.progress)
    case 'log':
      return logNotice(context, subscription, step.progress, step.notice)
    case 'send':
      return attempt(context, subscription, step.tasks)
    default:
      throw new Error(`unknown step ${step satisfies never}`)
  }
}

/** A notice that is not sent to the receiver is in the log of deliveries all the same. */
function logNotice(context: CourierContext, subscription: Subscription, progress: Progress, notice: Notice): Settled {
  reportNotice(context, subscription, notice)
  const number = subscription.attempts + 1
  const { id, url } = subscription
  const delivery = loggedNotice({ id, url }, number, notice, context.catalogues.now())
  const { settlement } = onlyProgress({ ...progress, attempts: number })
  return { settlement: { ...settlement, settledNotices: [notice.id] }, deliveries: [delivery], notices: [] }
}

async function attempt(
  context: CourierContext,
  subscription: Subscription,
  tasks: readonly DeliveryTask[]
): Promise<Settled | undefined> {
  const { now, random } = context.catalogues
  const at = now()
  const key = subscription.isAsymmetric ? await context.signingKey() : undefined
  const sender = context.sender()
  const send = async (task: DeliveryTask): Promise<Attempt> => {
    const request = webhookRequest(subscription, task, { sender, now: at, ...(key && { key }) })
    return { task, outcome: await context.transport.send(request) }
  }
  const attempts = await Promise.all(tasks.map(send))
  if (context.givingUp.aborted) return undefined
  const settlement = settle(subscription, attempts, { now: now(), random: context.chance() })
  const deliveries = attempts.map(({ task, outcome }, index) =>
    deliveryOf(subscription, subscription.attempts + 1 + index, task, outcome, at)
  )
  for (const { task, outcome } of attempts) {
    countAttempt(context, outcome)
    if (task.kind === 'notice') reportNotice(context, subscription, task.notice)
  }
  for (const delivery of deliveries) {
    const { subscription, type, seq, result, status, error, durationMs } = delivery
    context.log.debug({ subscription, type, seq, result, status, error, durationMs }, 'delivery')
  }
  context.counters.deadLetters += settlement.deadLetters.length
  for (const { seq, status } of settlement.deadLetters)
    context.log.warn({ subscription: subscription.id, seq, status }, 'dead letter')
  return { settlement, deliveries, notices: noticesOf(settlement, now(), random) }
}

/** The notice of a change of state, if there was one. */
function noticesOf({ change }: Settlement, now: Instant, random: Catalogues['random']): readonly Notice[] {
  if (!change) return []
  const { from, to, type, reason } = change
  return [{ id: eventId(now, random(10)), type, occurredAt: now, state: to, previousState: from, reason }]
}

/** Whether something is left to be sent at once, as far as this courier knows. */
function hasMore({ state }: Subscription, { settlement, notices }: Settled, now: Instant): boolean {
  const { progress, change } = settlement
  if (progress.notices + notices.length > 0) return true
  const { cursor, matched, replay, redrives, dueAt } = progress
  const isFree = isSending(change?.to ?? state) && dueAt <= now
  return isFree && (matched > cursor || replay !== undefined || redrives > 0)
}

/** Takes a token for each request of a subscription: how long, in milliseconds, the requests must wait for their tokens. */
function waitOfTokens({ buckets, rate }: CourierContext, id: string, requests: number): number {
  const { bucket, waitMs } = takeTokens(buckets.get(id), performance.now(), { most: rate, perSecond: rate }, requests)
  buckets.set(id, bucket)
  return waitMs
}

function countAttempt({ counters }: CourierContext, outcome: Outcome): void {
  const failure = outcome.kind === 'failed' ? outcome.error : `status_${Math.floor(outcome.status / 100)}xx`
  countUp(counters.attempts, isTaken(outcome) ? 'delivered' : failure)
  counters.attemptSeconds += outcome.durationMs / 1000
}

/** Counts and logs a notice, whether or not its receiver gets it. */
function reportNotice({ counters, log }: CourierContext, { id, owner }: Subscription, notice: Notice): void {
  const { type, state, previousState, reason } = notice
  countUp(counters.notices, type)
  const level = state === 'degraded' || state === 'suspended' || state === 'gone' ? 'warn' : 'info'
  log[level]({ subscription: id, owner, type, state, previousState, reason }, 'subscription')
}
