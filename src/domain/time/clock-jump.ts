import type { Instant } from './instant.ts'

/** A larger jump of the wall clock, held against one that only goes forward, makes it suspect. */
export const jumpLimitMs = 60_000

/** Both clocks at one look, in milliseconds. The monotonic one counts from anywhere. */
export interface ClockReading {
  readonly wall: Instant
  readonly monotonic: number
}

export interface ClockSuspicion {
  /** By the wall clock, when the first of its jumps was seen. */
  readonly since: Instant
  /** How far it stands from where it would stand without its jumps. */
  readonly jumpMs: number
  /** By the monotonic clock, when the last jump was seen. */
  readonly steadySince: number
}

/** How the wall clock has gone so far. */
export interface WallClockState {
  /** What the wall clock was ahead of the monotonic one at the last look. */
  readonly ahead: number
  /** Absent: it can be relied on. */
  readonly suspicion?: ClockSuspicion
}

/** Takes in a look: a jump begins a suspicion, which ends once there was no other for `holdMs`. */
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
