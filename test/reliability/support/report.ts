export type Size = 'ci' | 'full'

/** What one test counted, and what of it should not be. */
export interface Report {
  readonly counts: Readonly<Record<string, number | string>>
  readonly failures: readonly string[]
  /** Goals for times and rates that were missed: see `missedGoal`. */
  readonly missed?: readonly string[]
  /** Why the test could not run here. Then it has proven nothing. */
  readonly skipped?: string | false
}

export interface Reliability {
  readonly name: string
  readonly title: string
  /** `rounds`: instead of those of the size, where it has any. */
  run(size: Size, rounds?: number): Promise<Report>
}

/** Collects what does not hold, with the first few reasons. */
export class Failures {
  readonly list: string[] = []

  expect(holds: boolean, reason: string): void {
    if (!holds) this.list.push(reason)
  }
}

/**
 * A goal that was set for a time or a rate. One that is missed fails the test at its full size, on however slow a machine: the reader judges.
 * At the size of the gate it is told: that is judged by what was counted, since its machine has other things to do.
 */
export function missedGoal(what: string, value: number, goal: number, direction: 'at most' | 'at least'): string[] {
  const holds = direction === 'at most' ? value <= goal : value >= goal
  return holds ? [] : [`${what} is ${value.toFixed(2)}, and must be ${direction} ${goal}`]
}

/** Closes what was opened, newest first. */
export class Teardown {
  readonly #closes: (() => Promise<void> | void)[] = []

  teardown(close: () => Promise<void> | void): void {
    this.#closes.push(close)
  }

  async run(): Promise<void> {
    for (const close of this.#closes.reverse()) await close()
  }
}

/** Numbers in [0, 1) that repeat with the seed: mulberry32. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5)
}
