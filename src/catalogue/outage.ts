import type { Instant } from '../domain/time/instant.ts'

/** How often it is said again that the store is away, in milliseconds. */
const repeatMs = 30_000

export interface OutageLog {
  error(fields: { readonly err: unknown; readonly forMs?: number }, text: string): void
  info(fields: { readonly forMs: number }, text: string): void
}

/** Says that the store is away once, each 30 seconds again, and once that it is back. */
export class Outage {
  readonly #log: OutageLog | undefined
  readonly #now: () => Instant
  #since: Instant | undefined
  #saidAt = 0

  constructor(log: OutageLog | undefined, now: () => Instant) {
    this.#log = log
    this.#now = now
  }

  failed(err: unknown): void {
    const now = this.#now()
    const isNew = this.#since === undefined
    this.#since ??= now
    if (!isNew && now - this.#saidAt < repeatMs) return
    this.#saidAt = now
    this.#log?.error(
      { err, ...(!isNew && { forMs: now - this.#since }) },
      isNew ? 'the store does not answer' : 'the store still does not answer'
    )
  }

  ended(): void {
    if (this.#since === undefined) return
    this.#log?.info({ forMs: this.#now() - this.#since }, 'the store answers again')
    this.#since = undefined
  }
}
