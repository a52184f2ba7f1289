import type { Fault } from '../errors.ts'

const most = 1000
const moreFaults = 'more_faults'
/** Nobody writes so many: what comes after them is not read. */
const mostCounted = 20_000

/**
 * Collects the faults of one input. Of more than 1000 faults the last one listed says how many were left out. An input that has 20,000 need
 * not be read on.
 */
export class Faults {
  private readonly kept: Fault[] = []
  private total = 0

  get count(): number {
    return this.total
  }

  /** Whether reading on would tell nothing more. */
  get isFull(): boolean {
    return this.total >= mostCounted
  }

  add(pointer: string, code: string, detail: string): void {
    this.total += 1
    if (this.kept.length < most) this.kept.push({ pointer, code, detail })
  }

  list(): readonly Fault[] {
    if (this.total <= most) return this.kept
    const shown = this.kept.slice(0, most - 1)
    const more = this.total - shown.length
    const rest = this.isFull ? ', and the rest was not read' : ''
    return [...shown, { pointer: '', code: moreFaults, detail: `${more} more faults were found${rest}` }]
  }
}

/** Whether a list of faults says that there are more. */
export function isTruncated(faults: readonly Fault[]): boolean {
  return faults.at(-1)?.code === moreFaults
}
