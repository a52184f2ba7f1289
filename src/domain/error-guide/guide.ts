import type { Fault } from '../errors.ts'

/** What an error code means for whoever meets it. */
export interface Guide {
  /** Why it is answered. */
  readonly cause: string
  /** What helps. */
  readonly remedy: string
  /** One such error. */
  readonly example: {
    readonly detail: string
    readonly faults?: readonly Fault[]
    readonly extra?: Readonly<Record<string, unknown>>
  }
}
