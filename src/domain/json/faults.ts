import type { Fault } from '../errors.ts'

const most = 1000

/** Collects the faults of one input. Of more than 1000 faults the last one listed says how many were left out. */
export class Faults {
  private readonly kept: Fault[] = []
  private total = 0

  get count(): number {
    return this.total
  }

  add(pointer: string, code: string, detail: string): void {
    this.total += 1
    if (this.kept.length < most) this.kept.push({ pointer, code, detail })
  }

  list(): readonly Fault[] {
    if (this.total <= most) return this.kept
    const shown = this.kept.slice(0, most - 1)
    const more = this.total - shown.length
    return [...shown, { pointer: '', code: 'more_faults', detail: `${more} more faults were found` }]
  }
}
