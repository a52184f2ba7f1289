import { isUsable, type Key, keyHash, keyId, keyText, presentedKey } from '../domain/key.ts'
import type { KeyGrant } from '../domain/key-grant.ts'
import { minuteMs } from '../domain/time/duration.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Store } from '../store/store.ts'
import type { Catalogues } from './catalogues.ts'

/** How many milliseconds an id that no key has is refused without asking the store again. */
const unknownMs = 1000
/** How many such ids are remembered. */
const mostUnknown = 10_000
/** How often it is looked whether a key has expired. */
const lookMs = 250
/** How often it is written when keys were used. */
const writeMs = 5000

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
  readonly #store: Pick<Store, 'keys' | 'markKeysUsed'>
  readonly #now: () => Instant
  readonly #keys = new Map<string, Key>()
  /** The hashes of texts that were no key when the store was asked, with the instant from which it is asked again. */
  readonly #unknown = new Map<string, Instant>()
  /** The ids that the next look-up asks for, by the hash of the text that was presented. */
  readonly #asked = new Map<string, string>()
  #next: Promise<void> | undefined
  /** What the store was asked for last. One question follows the other, so that no answer replaces a newer one. */
  #last: Promise<void> = Promise.resolve()
  /** By the hash with which the key was presented. */
  readonly #watches = new Map<string, Watch>()
  /** The ids of the keys that were told to have ended. */
  readonly #ended = new Set<string>()
  readonly #listeners = new Set<() => void>()
  #timer: NodeJS.Timeout | undefined
  /** When each key was used, to the minute, and which of this is not written yet. */
  readonly #lastUsed = new Map<string, Instant>()
  readonly #unwritten = new Map<string, Instant>()
  #writeTimer: NodeJS.Timeout | undefined

  constructor(store: Pick<Store, 'keys' | 'markKeysUsed'>, now: () => Instant) {
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

  /** Looks for keys that expire, and writes when keys were used, until `close`. */
  start(): void {
    this.#timer ??= setInterval(() => this.#look(), lookMs).unref()
    this.#writeTimer ??= setInterval(() => void this.#tryToWrite(), writeMs).unref()
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    clearInterval(this.#writeTimer)
    await this.#tryToWrite()
  }

  async #tryToWrite(): Promise<void> {
    // What is lost with a store that cannot be written comes again with the next use.
    await this.writeUses().catch(() => {})
  }

  /** Calls `end` when the key is revoked or expires: at once if it was already. The answer stops that. */
  onEnd(key: Key, end: () => void): () => void {
    if (!this.#isGood(key)) {
      end()
      return () => {}
    }
    const watch = this.#watches.get(key.hash) ?? { key, ends: new Set() }
    this.#watches.set(key.hash, watch)
    watch.ends.add(end)
    return () => {
      watch.ends.delete(end)
      if (watch.ends.size === 0 && this.#watches.get(key.hash) === watch) this.#watches.delete(key.hash)
    }
  }

  /** Calls `listener` whenever some key was revoked or has expired. */
  onAnyEnd(listener: () => void): void {
    this.#listeners.add(listener)
  }

  /** Whether a key that was found may still be used, by the secret with which it was presented. */
  #isGood({ id, hash }: Key): boolean {
    const key = this.#presented(id, hash)
    return key !== undefined && isUsable(key, this.#now())
  }

  #look(): void {
    for (const [hash, { key, ends }] of [...this.#watches]) {
      if (this.#isGood(key)) continue
      this.#watches.delete(hash)
      for (const end of [...ends]) end()
    }
    const ended = [...this.#keys.values()].filter((key) => !this.#ended.has(key.id) && !this.#isGood(key))
    for (const { id } of ended) this.#ended.add(id)
    if (ended.length > 0) for (const listener of this.#listeners) listener()
  }

  /** The key with a text, if it is known here and may be used now. A secret that was replaced ends with its time. */
  find(text: string): Key | undefined {
    const id = keyId(text)
    const key = id === undefined ? undefined : this.#presented(id, keyHash(text))
    return key && isUsable(key, this.#now()) ? key : undefined
  }

  /**
   * Asks the store for a key that is not known here; `find` knows it afterwards, if there is one. Undefined: there is nothing to ask, since
   * the text is no key, the key is known, or the store has just said that there is none. Requests that come together ask once.
   */
  learn(text: string): Promise<void> | undefined {
    const id = keyId(text)
    if (id === undefined) return undefined
    const hash = keyHash(text)
    if (!this.#isUndecided(id, hash)) return undefined
    this.#asked.set(hash, id)
    this.#next ??= this.#inTurn(() => this.#lookUp())
    return this.#next
  }

  async #lookUp(): Promise<void> {
    const asked = [...this.#asked].filter(([hash, id]) => this.#isUndecided(id, hash))
    this.#asked.clear()
    this.#next = undefined
    this.#take(await this.#store.keys([...new Set(asked.map(([, id]) => id))]))
    for (const [hash, id] of asked) if (!this.#presented(id, hash)) this.#remember(hash)
  }

  #presented(id: string, hash: string): Key | undefined {
    const key = this.#keys.get(id)
    return key && presentedKey(key, hash)
  }

  #isUndecided(id: string, hash: string): boolean {
    return !this.#presented(id, hash) && this.#now() >= (this.#unknown.get(hash) ?? 0)
  }

  #remember(hash: string): void {
    // A map gives its keys in the order of their insertion: the first is the oldest.
    this.#unknown.delete(hash)
    this.#unknown.set(hash, this.#now() + unknownMs)
    const [oldest] = this.#unknown.keys()
    if (this.#unknown.size > mostUnknown && oldest !== undefined) this.#unknown.delete(oldest)
  }

  /** Takes down that a key was used. */
  markUsed({ id }: Key): void {
    const now = this.#now()
    const last = this.#lastUsed.get(id) ?? this.#keys.get(id)?.lastUsedAt ?? 0
    if (now - last < minuteMs) return
    this.#lastUsed.set(id, now)
    this.#unwritten.set(id, now)
  }

  /** Writes when keys were used last: what came together goes in one commit. */
  async writeUses(): Promise<void> {
    const used = new Map(this.#unwritten)
    this.#unwritten.clear()
    if (used.size > 0) await this.#store.markKeysUsed(used)
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

/** Makes a key. Its text is only in the answer and is not kept. */
export async function createKey(
  { store, now, random }: Pick<Catalogues, 'store' | 'now' | 'random'>,
  grant: KeyGrant
): Promise<{ readonly key: Key; readonly text: string }> {
  const { id, text } = keyText(random(38))
  const key: Key = { id, hash: keyHash(text), createdAt: now(), ...grant, scopes: [...new Set(grant.scopes)].sort() }
  await store.addKey(key)
  return { key, text }
}
