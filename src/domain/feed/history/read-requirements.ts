import type { Requirement } from '../../document/document.ts'

/** Remembers what written requirements were read as, so that whoever reads many states of one document reads the same object once. */
export class ReadRequirements {
  readonly #read = new WeakMap<object, Requirement>()

  /** What a written requirement was read as, where this very object was. */
  find(written: unknown): Requirement | undefined {
    return typeof written === 'object' && written !== null ? this.#read.get(written) : undefined
  }

  /** Remembers the requirements of a document without faults, which are read in the order in which they are written. */
  remember(written: readonly object[], read: readonly Requirement[]): void {
    for (const [index, requirement] of read.entries()) {
      const object = written[index]
      if (object) this.#read.set(object, requirement)
    }
  }
}
