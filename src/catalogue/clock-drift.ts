import type { Freshness } from './freshness.ts'

/** How the clock of a process stands to that of its store. */
type Distance = 'near' | 'apart' | 'not trusted'

export interface DriftLog {
  warn(fields: { readonly aheadMs: number }, text: string): void
  info(fields: { readonly aheadMs: number }, text: string): void
}

const texts: Readonly<Record<Distance, string>> = {
  near: 'the clock is near to that of the store again',
  apart: 'the clock is more than a second from that of the store',
  'not trusted': 'the clock is more than five seconds from that of the store: nothing is told or sent by it'
}

/** Says once when the clock of this process leaves that of the store, and once when it is near to it again. */
export class ClockDrift {
  readonly #log: DriftLog | undefined
  #said: Distance = 'near'

  constructor(log: DriftLog | undefined) {
    this.#log = log
  }

  look({ clockAheadMs: aheadMs, isClockNear, isClockTrusted }: Freshness): void {
    const distance = isClockNear ? 'near' : isClockTrusted ? 'apart' : 'not trusted'
    if (distance === this.#said) return
    this.#said = distance
    this.#log?.[distance === 'near' ? 'info' : 'warn']({ aheadMs }, texts[distance])
  }
}
