import type { Instant } from '../time/instant.ts'
import type { DeadLetter, DeliveryTask } from './delivery.ts'
import type { NoticeType } from './notice.ts'
import { isTaken, type Outcome, verdictOf } from './outcome.ts'
import { mostRefusals, patienceMs, refusalDelay, refusalPatienceMs, retryAfterDelay, retryDelay } from './retry.ts'
import { type Progress, progressOf, type Subscription, type SubscriptionState } from './subscription.ts'

export interface Attempt {
  readonly task: DeliveryTask
  readonly outcome: Outcome
}

/** What attempts mean for their subscription. */
export interface Settlement {
  readonly progress: Progress
  readonly change?: StateChange
  readonly deadLetters: readonly DeadLetter[]
  /** Dead letters that were sent again: each was taken, or refused once more. */
  readonly redriven: readonly { readonly seq: number; readonly isTaken: boolean }[]
  /** The ids of notices that were sent or logged, or never will be. */
  readonly settledNotices: readonly string[]
}

interface StateChange {
  readonly from: SubscriptionState
  readonly to: SubscriptionState
  readonly type: NoticeType
  readonly reason: string
}

interface Chance {
  readonly now: Instant
  /** A random number in [0, 1). */
  readonly random: number
}

/** Decides what attempts mean that were made at the same time. `attempts`: in the order of the log. */
export function settle(subscription: Subscription, attempts: readonly Attempt[], chance: Chance): Settlement {
  const counted = { ...progressOf(subscription), attempts: subscription.attempts + attempts.length }
  const gone = attempts.find(({ outcome }) => verdictOf(outcome) === 'gone')
  const settled = attempts[0]?.task.kind === 'live' ? settleLive : settleOne
  const settlement = settled(subscription, counted, attempts, chance)
  if (!gone || subscription.state === 'gone') return settlement
  return { ...settlement, change: changeOf(subscription.state, 'gone', 'subscription.gone', reasonOf(gone.outcome)) }
}

function settleLive(
  subscription: Subscription,
  progress: Progress,
  attempts: readonly Attempt[],
  chance: Chance
): Settlement {
  const taken = attempts.filter(({ outcome }) => isTaken(outcome))
  const moved = advance(progress, attempts, new Set(taken.map(({ task }) => seqOf(task))))
  const [failed] = attempts.filter(({ outcome }) => !isTaken(outcome))
  if (!failed) return afterSuccess(subscription, moved, chance.now)
  const counted = { ...moved, ...(taken.length > 0 && noRefusals) }
  return afterFailure(subscription, counted, failed, chance)
}

/** Settles an attempt for a notice, a replay or a redrive: those are sent one at a time. */
function settleOne(
  subscription: Subscription,
  progress: Progress,
  [attempt]: readonly Attempt[],
  chance: Chance
): Settlement {
  if (!attempt) return { ...nothing, progress }
  const { task, outcome } = attempt
  if (task.kind === 'notice') {
    const settledNotices = [task.notice.id]
    const after = { ...progress, notices: Math.max(0, progress.notices - 1) }
    const isAnswered = task.notice.type === 'subscription.ping' && verdictOf(outcome) === 'delivered'
    if (!isAnswered || subscription.state === 'active') return { ...nothing, progress: after, settledNotices }
    const change = changeOf(subscription.state, 'active', 'subscription.activated', 'A ping was answered.')
    const activated = { ...after, ...noRefusals, ...noFailures, dueAt: chance.now }
    return { ...nothing, progress: activated, settledNotices, change }
  }
  const verdict = verdictOf(outcome)
  if (isTaken(outcome)) {
    const after = afterSuccess(subscription, advancePast(progress, task.kind, seqOf(task)), chance.now)
    return { ...after, redriven: task.kind === 'redrive' ? [{ seq: seqOf(task), isTaken: true }] : [] }
  }
  if (task.kind === 'redrive' && verdict === 'refused') {
    const redriven = [{ seq: seqOf(task), isTaken: false }]
    return { ...nothing, progress: advancePast(progress, 'redrive', seqOf(task)), redriven }
  }
  return afterFailure(subscription, progress, attempt, chance)
}

/** Settles a failed attempt: the subscription waits for its receiver, or the event becomes a dead letter. */
function afterFailure(subscription: Subscription, progress: Progress, attempt: Attempt, chance: Chance): Settlement {
  const { now, random } = chance
  const { task, outcome } = attempt
  const verdict = verdictOf(outcome)
  if (verdict === 'gone') return { ...nothing, progress }
  const failures = progress.failures + 1
  const failingSince = progress.failingSince ?? now
  const waiting = { ...progress, failures, failingSince }
  const isOver = now - failingSince >= patienceMs
  const change = isOver
    ? changeOf(
        subscription.state,
        'suspended',
        'subscription.suspended',
        `No success for 72 hours: ${reasonOf(outcome)}`
      )
    : subscription.state === 'active'
      ? changeOf('active', 'degraded', 'subscription.degraded', reasonOf(outcome))
      : undefined
  const settlement = { ...nothing, ...(change && { change }) }
  if (verdict === 'down') {
    const asked = outcome.kind === 'answered' ? retryAfterDelay(outcome.retryAfter, now) : undefined
    // A receiver can ask for a longer pause and not for a shorter one: `Retry-After: 0` would bring a request each second, for ever.
    const pause = Math.max(asked ?? 0, retryDelay(failures, random))
    return { ...settlement, progress: { ...waiting, dueAt: now + pause } }
  }
  const refusals = progress.refusals + 1
  const refusedSince = progress.refusedSince ?? now
  if (refusals < mostRefusals || now - refusedSince < refusalPatienceMs) {
    const dueAt = now + refusalDelay(random)
    return { ...settlement, progress: { ...waiting, refusals, refusedSince, dueAt } }
  }
  const after = { ...waiting, ...noRefusals, dueAt: now }
  if (task.kind === 'notice' || outcome.kind === 'failed') return { ...settlement, progress: after }
  const { seq, id, type } = task.event
  const letter = { subscription: subscription.id, seq, event: id, type, at: now, status: outcome.status }
  return {
    ...settlement,
    progress: advancePast(after, task.kind, seq),
    deadLetters: [{ ...letter, isRedriving: false }]
  }
}

const nothing = { deadLetters: [], redriven: [], settledNotices: [] } as const
const noRefusals = { refusals: 0, refusedSince: undefined } as const
const noFailures = { failures: 0, failingSince: undefined } as const

/** Settles an attempt that the receiver took: counts of failures are reset, and a degraded subscription is active again. */
function afterSuccess({ state }: Subscription, progress: Progress, now: Instant): Settlement {
  const after = { ...progress, ...noRefusals, ...(progress.failures > 0 && { ...noFailures, dueAt: now }) }
  if (state !== 'degraded') return { ...nothing, progress: after }
  const change = changeOf(state, 'active', 'subscription.activated', 'The receiver answers again.')
  return { ...nothing, progress: after, change }
}

/** Moves the cursor over the events that are delivered, in the order of the log, and remembers those that are delivered beyond it. */
function advance(progress: Progress, attempts: readonly Attempt[], taken: ReadonlySet<number>): Progress {
  let at: Progress = { ...progress, ahead: [...progress.ahead, ...taken] }
  for (const { task } of attempts) {
    if (!at.ahead.includes(seqOf(task))) break
    at = advanceTo(at, seqOf(task))
  }
  return at
}

function advanceTo(progress: Progress, seq: number): Progress {
  return { ...progress, cursor: seq, previous: seq, ahead: progress.ahead.filter((other) => other > seq) }
}

/** Moves past one event: the cursor, the replay or the count of redrives, by how the event was sent. */
function advancePast(progress: Progress, kind: 'live' | 'replay' | 'redrive', seq: number): Progress {
  switch (kind) {
    case 'live':
      return advanceTo(progress, seq)
    case 'redrive':
      return { ...progress, redrives: Math.max(0, progress.redrives - 1) }
    case 'replay': {
      const { replay } = progress
      return { ...progress, replay: replay && seq < replay.to ? { ...replay, next: seq + 1 } : undefined }
    }
    default:
      throw new Error(`unknown task ${kind satisfies never}`)
  }
}

function changeOf(from: SubscriptionState, to: SubscriptionState, type: NoticeType, reason: string): StateChange {
  return { from, to, type, reason }
}

function seqOf(task: DeliveryTask): number {
  return task.kind === 'notice' ? 0 : task.event.seq
}

function reasonOf(outcome: Outcome): string {
  if (outcome.kind === 'failed') return `${outcome.error}: ${outcome.detail}`
  const asked = outcome.isDisabling ? ' and asked for no more' : ''
  return `The receiver answered ${outcome.status}${asked}.`
}
