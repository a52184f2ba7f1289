import type { Instant } from './instant.ts'

/** A larger jump of the wall clock against the monotonic clock makes the wall clock suspect. */
export const jumpLimitMs = 60_000

/** Both clocks, read together, in milliseconds. The monotonic clock counts from any instant. */
export interface ClockReading {
  readonly wall: Instant
  readonly monotonic: number
}

export interface ClockSuspicion {
  /** When the first jump was seen, by the wall clock. */
  readonly since: Instant
  /** Sum of the jumps of the wall clock since `since`, in ms. Positive: the clock went forward. */
  readonly jumpMs: number
  /** When the last jump was seen, by the monotonic clock. */
  readonly steadySince: number
}

/** What is known of the wall clock after some readings. */
export interface WallClockState {
  /** How far the wall clock was ahead of the monotonic clock at the last reading, in ms. */
  readonly ahead: number
  /** Absent: the wall clock can be relied on. */
  readonly suspicion?: ClockSuspicion
}

/** The state after one more reading. A jump begins a suspicion, which ends once `holdMs` passed without another jump. */
export function wallClockStateAt(
  before: WallClockState | undefined,
  { wall, monotonic }: ClockReading,
  holdMs: number
): WallClockState {
  const ahead = wall - monotonic
  const jump = before ? ahead - before.ahead : 0
  const known = before?.suspicion
  if (Math.abs(jump) > jumpLimitMs) {
    const { since = wall, jumpMs = 0 } = known ?? {}
    return { ahead, suspicion: { since, jumpMs: jumpMs + jump, steadySince: monotonic } }
  }
  return { ahead, ...(known && monotonic - known.steadySince < holdMs && { suspicion: known }) }
}
