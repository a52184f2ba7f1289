import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { bytesOfEndpoint } from './document.ts'

/** A catalogue whose newest document is larger than the cache. */
export interface OversizedHead {
  readonly catalogue: string
  readonly rows: number
}

/** Knows which documents do not fit into the cache, since each read of one loads it from the store again. */
export class OversizedHeads {
  readonly #sources: Pick<Catalogues, 'store' | 'cache'>
  readonly #names = new Set<string>()
  #last: Promise<void> = Promise.resolve()

  /** `onFound` is told of each that is found, and `onError` of a store that cannot be asked. */
  constructor(
    { store, cache, heads }: Pick<Catalogues, 'store' | 'cache' | 'heads'>,
    {
      onFound,
      onError
    }: { readonly onFound: (head: OversizedHead) => void; readonly onError: (error: unknown) => void }
  ) {
    this.#sources = { store, cache }
    heads.onChange((changed) => {
      this.#last = this.#last.then(() => this.#weigh(changed, onFound)).catch(onError)
    })
  }

  get size(): number {
    return this.#names.size
  }

  /** Resolves when all that has changed is weighed. */
  get settled(): Promise<void> {
    return this.#last
  }

  async #weigh(changed: readonly Head[], onFound: (head: OversizedHead) => void): Promise<void> {
    const { store, cache } = this.#sources
    for (const { revision } of changed) {
      const { catalogue } = revision
      const rows = await store.headRows(catalogue)
      if (rows * bytesOfEndpoint <= cache.most) {
        this.#names.delete(catalogue)
      } else if (!this.#names.has(catalogue)) {
        this.#names.add(catalogue)
        onFound({ catalogue, rows })
      }
    }
  }
}
