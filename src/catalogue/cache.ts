import { LRUCache } from 'lru-cache'

/** What is kept, and what it weighs in bytes. */
interface Entry {
  readonly value: object
  readonly bytes: number
}

/** The one bounded memory of the process: rendered bytes, and documents that were read. The least used goes first. */
export class Cache {
  readonly #entries: LRUCache<string, Entry>

  constructor(megabytes: number) {
    this.#entries = new LRUCache({
      maxSize: Math.max(1, Math.floor(megabytes * 1_048_576)),
      sizeCalculation: ({ bytes }) => bytes
    })
  }

  get bytes(): number {
    return this.#entries.calculatedSize
  }

  get size(): number {
    return this.#entries.size
  }

  get<T extends object>(slot: Slot<T>, key: string): T | undefined {
    // Each slot has a name of its own and stores only its own type, so what is found under its name is a T.
    return this.#entries.get(`${slot.name}\n${key}`)?.value as T | undefined
  }

  /** What is larger than the whole cache is not kept. */
  set<T extends object>(slot: Slot<T>, key: string, value: T): void {
    this.#entries.set(`${slot.name}\n${key}`, { value, bytes: 2 * key.length + 200 + slot.bytes(value) })
  }
}

/** A kind of thing that the cache keeps: its name, and how to weigh one in bytes. */
export interface Slot<T extends object> {
  readonly name: string
  bytes(value: T): number
}
