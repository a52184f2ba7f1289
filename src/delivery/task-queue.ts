import type { Catalogues } from '../catalogue/catalogues.ts'
import { matchingEvents, previousMatch } from '../catalogue/webhook/matching.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { DeliveryTask } from '../domain/webhook/delivery.ts'
import { isSentToReceiver, type Notice } from '../domain/webhook/notice.ts'
import { isSending, type Progress, parallel, progressOf, type Subscription } from '../domain/webhook/subscription.ts'

type Live = Extract<DeliveryTask, { readonly kind: 'live' | 'replay' | 'redrive' }>

/** What comes next for a subscription: something to send, something to take note of, or nothing for now. */
export type Next =
  | { readonly kind: 'send'; readonly tasks: readonly DeliveryTask[] }
  | { readonly kind: 'note'; readonly progress: Progress; readonly notice?: Notice }
  | { readonly kind: 'rest'; readonly progress: Progress }

/** All that matches the definition of a version in `(after, upTo]`. */
interface Window {
  readonly kind: Live['kind']
  readonly version: number
  readonly after: number
  readonly upTo: number
  readonly tasks: readonly Live[]
}

/** Events that are read ahead. */
const readAhead = 32

/** Chooses what one leased subscription is sent next: notices, then what was asked for again, then what is new. */
export class TaskQueue {
  readonly #sources: Pick<Catalogues, 'store' | 'cache'>
  #window: Window | undefined

  constructor(sources: Pick<Catalogues, 'store' | 'cache'>) {
    this.#sources = sources
  }

  async next(subscription: Subscription, now: Instant): Promise<Next> {
    const progress = progressOf(subscription)
    if (subscription.notices > 0) return this.#notice(subscription, progress)
    if (!isSending(subscription.state) || subscription.dueAt > now) return { kind: 'rest', progress }
    if (subscription.redrives > 0) return this.#redrive(subscription, progress)
    if (subscription.replay) return this.#replay(subscription, progress)
    return this.#live(subscription, progress)
  }

  async #notice({ id }: Subscription, progress: Progress): Promise<Next> {
    const notice = await this.#sources.store.subscriptions.pendingNotice(id)
    if (!notice) return { kind: 'note', progress: { ...progress, notices: 0 } }
    if (isSentToReceiver(notice)) return { kind: 'send', tasks: [{ kind: 'notice', notice }] }
    return { kind: 'note', progress: { ...progress, notices: progress.notices - 1 }, notice }
  }

  async #redrive({ id, filter }: Subscription, progress: Progress): Promise<Next> {
    const { store } = this.#sources
    const letter = await store.subscriptions.nextRedrive(id)
    const [event] = letter ? await store.events({ after: letter.seq - 1, upTo: letter.seq, limit: 1 }) : []
    if (!event) return { kind: 'note', progress: { ...progress, redrives: 0 } }
    const prevSeq = await previousMatch(this.#sources, filter, event.seq)
    return { kind: 'send', tasks: [{ kind: 'redrive', event, prevSeq }] }
  }

  async #replay(subscription: Subscription, progress: Progress): Promise<Next> {
    const { replay } = subscription
    if (!replay) return { kind: 'note', progress }
    const [task] = await this.#chain(subscription, 'replay', replay.next - 1, replay.to)
    return task ? { kind: 'send', tasks: [task] } : { kind: 'note', progress: { ...progress, replay: undefined } }
  }

  async #live(subscription: Subscription, progress: Progress): Promise<Next> {
    const { cursor, matched, ahead, ordering } = subscription
    if (matched <= cursor) return { kind: 'rest', progress }
    const chain = await this.#chain(subscription, 'live', cursor, matched)
    const tasks = chain.slice(0, parallel[ordering]).filter(({ event }) => !ahead.includes(event.seq))
    if (tasks.length > 0) return { kind: 'send', tasks }
    const last = chain.at(-1)?.event.seq
    // Nothing between the cursor and what was known to match: its filter has changed since.
    return last === undefined
      ? { kind: 'rest', progress: { ...progress, cursor: matched, ahead: [] } }
      : { kind: 'note', progress: { ...progress, cursor: last, previous: last, ahead: [] } }
  }

  /** Events after a place, each with the one before it: from what was read ahead, as far as it reaches. */
  async #chain(subscription: Subscription, kind: Live['kind'], after: number, upTo: number): Promise<readonly Live[]> {
    const { filter, version, ordering, previous } = subscription
    const window = this.#window
    if (window && window.kind === kind && window.version === version && after >= window.after) {
      const kept = window.tasks.filter(({ event }) => event.seq > after)
      if (kept.length >= parallel[ordering] || window.upTo >= upTo) return kept
    }
    const events = await matchingEvents(this.#sources, filter, { after, upTo, limit: readAhead })
    const [first] = events
    const isKnown = kind === 'live' && previous !== undefined
    let prevSeq = isKnown ? previous : first ? await previousMatch(this.#sources, filter, first.seq) : 0
    const tasks = events.map((event): Live => {
      const task = { kind, event, prevSeq }
      prevSeq = event.seq
      return task
    })
    const reached = events.length < readAhead ? upTo : (events.at(-1)?.seq ?? upTo)
    this.#window = { kind, version, after, upTo: reached, tasks }
    return tasks
  }
}
