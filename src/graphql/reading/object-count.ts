import { PortolanError } from '../../domain/errors.ts'

/** Most objects that one operation may answer with. */
export const mostObjects = 50_000

/** Counts the objects of one operation while it is executed: no estimate made before has to be right. */
export class ObjectCount {
  #most = mostObjects
  #count = 0

  get count(): number {
    return this.#count
  }

  get isExceeded(): boolean {
    return this.#count > this.#most
  }

  /** @throws PortolanError `too_expensive` past the limit, and whenever it is called after that */
  add(count: number): void {
    this.#count += count
    if (this.isExceeded) throw tooExpensive()
  }

  /** Stops sooner: where the operation can be begun again elsewhere. */
  stopAt(most: number): void {
    this.#most = most
  }

  /** Begins anew, for the next answer of a subscription. */
  restart(): void {
    this.#count = 0
  }
}

/** The refusal of an operation that passed the limit while it was executed. */
export function tooExpensive(): PortolanError {
  return new PortolanError(
    'too_expensive',
    `The operation passes the limit of ${mostObjects} for objects, and was stopped there. Ask for less at once.`,
    { extra: { limit: 'objects', most: mostObjects } }
  )
}
