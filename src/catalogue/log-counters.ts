import type { EventType, NewEvent } from '../domain/event/event.ts'

/** What is counted of an event. */
export type CountedEvent = Pick<NewEvent, 'type' | 'lateByMs'>

/** A transition that is logged later than this after its instant counts as late. */
const lateMs = 10_000

/** Counts what this process has written into the log since it started, for its metrics. */
export class LogCounters {
  readonly byType = new Map<EventType, number>()
  lateTransitions = 0
  /** How often a publish was decided again, since another one was faster. */
  publishConflicts = 0

  readonly #onAdd: (events: readonly CountedEvent[]) => void
  readonly #onConflicts: (count: number) => void

  constructor(onAdd: (events: readonly CountedEvent[]) => void = () => {}, onConflicts = (_count: number) => {}) {
    this.#onAdd = onAdd
    this.#onConflicts = onConflicts
  }

  addConflicts(count: number): void {
    this.#onConflicts(count)
    this.publishConflicts += count
  }

  add(events: readonly CountedEvent[]): void {
    this.#onAdd(events)
    for (const { type, lateByMs } of events) {
      this.byType.set(type, (this.byType.get(type) ?? 0) + 1)
      if (type === 'catalogue.transitioned' && lateByMs > lateMs) this.lateTransitions += 1
    }
  }
}
