import type { Fault } from '../errors.ts'
import { findAll, type Source } from './span.ts'

const most = 1000
const moreFaults = 'more_faults'
/** Nobody writes so many: what comes after them is not read. */
const mostCounted = 20_000

/** What is wrong with a value, in words that may quote how it is written. `written` is undefined where the text of the input is not known. */
export type Detail = string | ((written: string | undefined) => string)

interface Noted extends Pick<Fault, 'pointer' | 'code'> {
  readonly detail: Detail
}

/** The codes of faults of a key. All others are of its value, or of one that is missing. */
const codesOfKeys = ['unknown_field', 'wrong_key']

/**
 * Collects the faults of one input. Of more than 1000 faults the last one listed says how many were left out. An input that has 20,000 need
 * not be read on.
 */
export class Faults {
  private readonly kept: Noted[] = []
  private total = 0

  get count(): number {
    return this.total
  }

  /** Whether reading on would tell nothing more. */
  get isFull(): boolean {
    return this.total >= mostCounted
  }

  add(pointer: string, code: string, detail: Detail): void {
    this.total += 1
    if (this.kept.length < most) this.kept.push({ pointer, code, detail })
  }

  /** The faults, each with its place where the text is known in which they were found. */
  list(source?: Source): readonly Fault[] {
    if (this.total <= most) return placed(this.kept, source)
    const shown = this.kept.slice(0, most - 1)
    const more = this.total - shown.length
    const rest = this.isFull ? ', and the rest was not read' : ''
    return [
      ...placed(shown, source),
      { pointer: '', code: moreFaults, detail: `${more} more faults were found${rest}` }
    ]
  }
}

function placed(noted: readonly Noted[], source: Source | undefined): readonly Fault[] {
  const ofKeys = noted.filter(({ code }) => codesOfKeys.includes(code)).map(({ pointer }) => pointer)
  const pointers = noted.map(({ pointer }) => pointer)
  const find = source && noted.length > 0 ? findAll(source, pointers, new Set(ofKeys)) : () => undefined
  return noted.map(({ pointer, code, detail }) => {
    const found = find(pointer)
    return { pointer, code, detail: typeof detail === 'string' ? detail : detail(found?.written), ...found?.place }
  })
}

/** Whether a list of faults says that there are more. */
export function isTruncated(faults: readonly Fault[]): boolean {
  return faults.at(-1)?.code === moreFaults
}
