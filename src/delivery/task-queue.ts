import type { Catalogues } from '../catalogue/catalogues.ts'
import { matchingEvents, previousMatch } from '../catalogue/webhook/matching.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { DeliveryTask } from '../domain/webhook/delivery.ts'
import { isSentToReceiver, type Notice } from '../domain/webhook/notice.ts'
import {
  isSending,
  type Progress,
  parallelRequests,
  progressOf,
  type Subscription
} from '../domain/webhook/subscription.ts'

type Live = Extract<DeliveryTask, { readonly kind: 'live' | 'replay' | 'redrive' }>

/** The next step for a subscription. */
export type NextStep =
  | { readonly kind: 'send'; readonly tasks: readonly DeliveryTask[] }
  /** A notice that is only logged, since notices of its type are not sent to receivers. */
  | { readonly kind: 'log'; readonly progress: Progress; readonly notice: Notice }
  /** What should have been sent is no longer there: only the progress is written. */
  | { readonly kind: 'skip'; readonly progress: Progress }
  /** Nothing can be sent for now. */
  | { readonly kind: 'nothingDue'; readonly progress: Progress }

/** Tasks that were read ahead: all that match the definition of this version in `(after, upTo]`. */
interface ReadAhead {
  readonly kind: Live['kind']
  readonly version: number
  readonly after: number
  readonly upTo: number
  readonly tasks: readonly Live[]
}

/** How many events are read at a time. */
const pageSize = 100

/** Chooses what one leased subscription is sent next: notices first, then redrives and replays that were asked for, then new events. */
export class TaskQueue {
  readonly #sources: Pick<Catalogues, 'store' | 'cache'>
  #readAhead: ReadAhead | undefined

  constructor(sources: Pick<Catalogues, 'store' | 'cache'>) {
    this.#sources = sources
  }

  async next(subscription: Subscription, now: Instant): Promise<NextStep> {
    const progress = progressOf(subscription)
    if (subscription.notices > 0) return this.#notice(subscription, progress)
    if (!isSending(subscription.state) || subscription.dueAt > now) return { kind: 'nothingDue', progress }
    if (subscription.redrives > 0) return this.#redrive(subscription, progress)
    if (subscription.replay) return this.#replay(subscription, progress)
    return this.#live(subscription, progress)
  }

  async #notice({ id }: Subscription, progress: Progress): Promise<NextStep> {
    const notice = await this.#sources.store.subscriptions.pendingNotice(id)
    if (!notice) return { kind: 'skip', progress: { ...progress, notices: 0 } }
    if (isSentToReceiver(notice)) return { kind: 'send', tasks: [{ kind: 'notice', notice }] }
    return { kind: 'log', progress: { ...progress, notices: progress.notices - 1 }, notice }
  }

  async #redrive({ id, filter }: Subscription, progress: Progress): Promise<NextStep> {
    const { store } = this.#sources
    const letter = await store.subscriptions.nextRedrive(id)
    const [event] = letter ? await store.events({ after: letter.seq - 1, upTo: letter.seq, limit: 1 }) : []
    if (!event) return { kind: 'skip', progress: { ...progress, redrives: 0 } }
    const prevSeq = await previousMatch(this.#sources, filter, event.seq)
    return { kind: 'send', tasks: [{ kind: 'redrive', event, prevSeq }] }
  }

  async #replay(subscription: Subscription, progress: Progress): Promise<NextStep> {
    const { replay } = subscription
    if (!replay) return { kind: 'skip', progress }
    const [task] = await this.#tasksAfter(subscription, 'replay', replay.next - 1, replay.to)
    return task ? { kind: 'send', tasks: [task] } : { kind: 'skip', progress: { ...progress, replay: undefined } }
  }

  async #live(subscription: Subscription, progress: Progress): Promise<NextStep> {
    const { cursor, matched, ahead, ordering } = subscription
    if (matched <= cursor) return { kind: 'nothingDue', progress }
    const next = await this.#tasksAfter(subscription, 'live', cursor, matched)
    const tasks = next.slice(0, parallelRequests[ordering]).filter(({ event }) => !ahead.includes(event.seq))
    if (tasks.length > 0) return { kind: 'send', tasks }
    const last = next.at(-1)?.event.seq
    // Nothing between the cursor and the newest match is left: the filter has changed since that was marked.
    return last === undefined
      ? { kind: 'nothingDue', progress: { ...progress, cursor: matched, ahead: [] } }
      : { kind: 'skip', progress: { ...progress, cursor: last, previous: last, ahead: [] } }
  }

  /** The matching events after a seq, each with the seq of the one before it. What was read ahead is used as far as it reaches. */
  async #tasksAfter(
    subscription: Subscription,
    kind: Live['kind'],
    after: number,
    upTo: number
  ): Promise<readonly Live[]> {
    const { filter, version, ordering, previous } = subscription
    const ahead = this.#readAhead
    if (ahead && ahead.kind === kind && ahead.version === version && after >= ahead.after) {
      const kept = ahead.tasks.filter(({ event }) => event.seq > after)
      if (kept.length >= parallelRequests[ordering] || ahead.upTo >= upTo) return kept
    }
    const events = await matchingEvents(this.#sources, filter, { after, upTo, limit: pageSize })
    const [first] = events
    const isKnown = kind === 'live' && previous !== undefined
    let prevSeq = isKnown ? previous : first ? await previousMatch(this.#sources, filter, first.seq) : 0
    const tasks = events.map((event): Live => {
      const task = { kind, event, prevSeq }
      prevSeq = event.seq
      return task
    })
    const reached = events.length < pageSize ? upTo : (events.at(-1)?.seq ?? upTo)
    this.#readAhead = { kind, version, after, upTo: reached, tasks }
    return tasks
  }
}
