import { LRUCache } from 'lru-cache'

/** A kept value, and its weight in bytes. */
interface Entry {
  readonly value: object
  readonly bytes: number
}

/** The one bounded memory of the process, for rendered bytes and documents. The values that were unused for longest are dropped first. */
export class Cache {
  readonly #entries: LRUCache<string, Entry>

  constructor(megabytes: number) {
    this.#entries = new LRUCache({
      maxSize: Math.max(1, Math.floor(megabytes * 1_048_576)),
      sizeCalculation: ({ bytes }) => bytes
    })
  }

  /** How many bytes it holds at most. */
  get most(): number {
    return this.#entries.maxSize
  }

  get bytes(): number {
    return this.#entries.calculatedSize
  }

  get size(): number {
    return this.#entries.size
  }

  get<T extends object>(slot: Slot<T>, key: string): T | undefined {
    // Each slot has its own name and stores only its own type, so a value under its name is a T.
    return this.#entries.get(`${slot.name}\n${key}`)?.value as T | undefined
  }

  /** Keeps a value, unless it is larger than the whole cache. @returns whether it is kept */
  set<T extends object>(slot: Slot<T>, key: string, value: T): boolean {
    const bytes = 2 * key.length + 200 + slot.bytes(value)
    this.#entries.set(`${slot.name}\n${key}`, { value, bytes })
    return bytes <= this.most
  }
}

/** A kind of value that the cache keeps. */
export interface Slot<T extends object> {
  /** No two slots have the same name. */
  readonly name: string
  /** Estimates the weight of a value in bytes. */
  bytes(value: T): number
}
