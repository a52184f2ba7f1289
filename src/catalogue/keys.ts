import { isKey, isUsable, type Key, type KeyScope, keyHash, keyId, keyText } from '../domain/key.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Store } from '../store/store.ts'
import type { Catalogues } from './catalogues.ts'

/** How many milliseconds an id that no key has is refused without asking the store again. */
const unknownMs = 1000
/** How many such ids are remembered. */
const mostUnknown = 10_000
/** How often it is looked whether a key has expired. */
const lookMs = 250

/** What follows a key: it ends with the key. */
interface Watch {
  readonly key: Key
  readonly ends: Set<() => void>
}

/**
 * Keeps the keys in memory, so that a read with a key asks no database. A key that another process revokes is refused within a second; one
 * that another process makes works at once, since the store is asked for a key that is not known here.
 */
export class Keys {
  readonly #store: Pick<Store, 'keys'>
  readonly #now: () => Instant
  readonly #keys = new Map<string, Key>()
  /** The ids that no key had when the store was asked, with the instant from which it is asked again. */
  readonly #unknown = new Map<string, Instant>()
  /** The ids that the next look-up asks for. */
  readonly #asked = new Set<string>()
  #next: Promise<void> | undefined
  /** What the store was asked for last. One question follows the other, so that no answer replaces a newer one. */
  #last: Promise<void> = Promise.resolve()
  /** By the id of the key. */
  readonly #watches = new Map<string, Watch>()
  /** The ids of the keys that were told to have ended. */
  readonly #ended = new Set<string>()
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined

  constructor(store: Pick<Store, 'keys'>, now: () => Instant) {
    this.#store = store
    this.#now = now
  }

  /** Takes in what was made and revoked, and ends what was allowed by a key that may no longer be used. */
  refresh(): Promise<void> {
    return this.#inTurn(async () => {
      this.#take(await this.#store.keys())
      this.#look()
    })
  }

  /** Looks for keys that expire, until `close`. */
  start(): void {
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
  }

  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  /** Calls `end` when the key is revoked or expires: at once if it was already. The answer stops that. */
  onEnd(key: Key, end: () => void): () => void {
    if (!this.#isGood(key)) {
      end()
      return () => {}
    }
    const watch = this.#watches.get(key.id) ?? { key, ends: new Set() }
    this.#watches.set(key.id, watch)
    watch.ends.add(end)
    return () => {
      watch.ends.delete(end)
      if (watch.ends.size === 0 && this.#watches.get(key.id) === watch) this.#watches.delete(key.id)
    }
  }

  /** Calls `listener` whenever some key was revoked or has expired. */
  onAnyEnd(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Whether a key that was found may still be used. */
  #isGood({ id }: Key): boolean {
    const key = this.#keys.get(id)
    return key !== undefined && isUsable(key, this.#now())
  }

  #look(): void {
    for (const [id, { key, ends }] of [...this.#watches]) {
      if (this.#isGood(key)) continue
      this.#watches.delete(id)
      for (const end of [...ends]) end()
    }
    const ended = [...this.#keys.values()].filter((key) => !this.#ended.has(key.id) && !this.#isGood(key))
    for (const { id } of ended) this.#ended.add(id)
    if (ended.length > 0) for (const listener of this.#listeners) listener()
  }

  /** The key with a text, if it is known here and may be used now. */
  find(text: string): Key | undefined {
    const id = keyId(text)
    const key = id === undefined ? undefined : this.#keys.get(id)
    return key && isKey(key, text) && isUsable(key, this.#now()) ? key : undefined
  }

  /**
   * Asks the store for a key that is not known here; `find` knows it afterwards, if there is one. Undefined: there is nothing to ask, since
   * the text is no key, the key is known, or the store has just said that there is none. Requests that come together ask once.
   */
  learn(text: string): Promise<void> | undefined {
    const id = keyId(text)
    if (id === undefined || !this.#isUndecided(id)) return undefined
    this.#asked.add(id)
    this.#next ??= this.#inTurn(() => this.#lookUp())
    return this.#next
  }

  async #lookUp(): Promise<void> {
    const ids = [...this.#asked].filter((id) => this.#isUndecided(id))
    this.#asked.clear()
    this.#next = undefined
    this.#take(await this.#store.keys(ids))
    for (const id of ids) if (!this.#keys.has(id)) this.#remember(id)
  }

  #isUndecided(id: string): boolean {
    return !this.#keys.has(id) && this.#now() >= (this.#unknown.get(id) ?? 0)
  }

  #remember(id: string): void {
    // A map gives its keys in the order of their insertion: the first is the oldest.
    this.#unknown.delete(id)
    this.#unknown.set(id, this.#now() + unknownMs)
    const [oldest] = this.#unknown.keys()
    if (this.#unknown.size > mostUnknown && oldest !== undefined) this.#unknown.delete(oldest)
  }

  /** A key is never removed from the store. */
  #take(keys: readonly Key[]): void {
    for (const key of keys) this.#keys.set(key.id, key)
  }

  #inTurn(ask: () => Promise<void>): Promise<void> {
    const asked = this.#last.then(ask)
    this.#last = asked.catch(() => {})
    return asked
  }
}

export interface NewKey {
  readonly name?: string
  readonly scopes: readonly KeyScope[]
  readonly expiresAt?: Instant
}

/** Makes a key. Its text is only in the answer and is not kept. */
export async function createKey(
  { store, now, random }: Pick<Catalogues, 'store' | 'now' | 'random'>,
  request: NewKey
): Promise<{ readonly key: Key; readonly text: string }> {
  const { id, text } = keyText(random(38))
  const key: Key = {
    id,
    hash: keyHash(text),
    createdAt: now(),
    ...request,
    scopes: [...new Set(request.scopes)].sort()
  }
  await store.addKey(key)
  return { key, text }
}
