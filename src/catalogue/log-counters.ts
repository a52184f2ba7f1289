import type { EventType, NewEvent } from '../domain/event/event.ts'

/** A transition that is told later than this after its instant is late. */
const lateMs = 10_000

/** What this process wrote into the log since it started, counted for its metrics. */
export class LogCounters {
  readonly byType = new Map<EventType, number>()
  lateTransitions = 0

  add(events: readonly NewEvent[]): void {
    for (const { type, lateByMs } of events) {
      this.byType.set(type, (this.byType.get(type) ?? 0) + 1)
      if (type === 'catalogue.transitioned' && lateByMs > lateMs) this.lateTransitions += 1
    }
  }
}
