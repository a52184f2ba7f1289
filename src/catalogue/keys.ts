import { isKey, isUsable, type Key, type KeyScope, keyHash, keyId, keyText } from '../domain/key.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Store } from '../store/store.ts'
import type { Catalogues } from './catalogues.ts'

/** Keeps the keys in memory, so that a read with a key asks no database. A key that another process revokes is unknown within a second. */
export class Keys {
  readonly #store: Store
  readonly #now: () => Instant
  #keys: ReadonlyMap<string, Key> = new Map()

  constructor(store: Store, now: () => Instant) {
    this.#store = store
    this.#now = now
  }

  async refresh(): Promise<void> {
    this.#keys = new Map((await this.#store.keys()).map((key) => [key.id, key]))
  }

  /** The key with a text, if it may be used now. */
  find(text: string): Key | undefined {
    const id = keyId(text)
    const key = id === undefined ? undefined : this.#keys.get(id)
    return key && isKey(key, text) && isUsable(key, this.#now()) ? key : undefined
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
