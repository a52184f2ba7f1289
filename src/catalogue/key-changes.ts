import { PortolanError } from '../domain/errors.ts'
import { isUsable, type Key, keyHash, keyText } from '../domain/key.ts'
import { requireGrantable } from '../domain/key-grant.ts'
import { dayMs } from '../domain/time/duration.ts'
import type { Instant } from '../domain/time/instant.ts'
import type { Catalogues } from './catalogues.ts'

/** Who manages keys. A key may touch those keys only that it could have given; a shell may touch all. */
export type KeyManager = Key | 'shell'

type Context = Pick<Catalogues, 'store' | 'now' | 'random'>

/** How long the secret that a rotation replaces is good for, unless it is said, in milliseconds. */
export const defaultOverlapMs = dayMs

/**
 * Gives a key another secret; id, name and what it permits stay. The one before is good for `overlapMs` more, and one that an earlier
 * rotation had replaced ends now.
 * @throws PortolanError `not_found`, `insufficient_scope`, `conflict`, and `wrong_state` where the key was revoked or has expired
 */
export async function rotateKey(
  context: Context,
  manager: KeyManager,
  id: string,
  overlapMs = defaultOverlapMs
): Promise<{ readonly key: Key; readonly text: string }> {
  const { store, now, random } = context
  const before = await requireKey(context, manager, id)
  if (!isUsable(before, now()))
    throw new PortolanError('wrong_state', `The key ${id} was revoked or has expired: create another one.`)
  const { text } = keyText(random(38), id)
  const [hash, previous] = [keyHash(text), { hash: before.hash, until: now() + overlapMs }]
  if (await store.rotateKey(id, hash, previous)) return { key: { ...before, hash, previous }, text }
  throw new PortolanError('conflict', `Another change of the key ${id} was faster. Try again.`)
}

/**
 * Revokes a key: what it opened ends, and its subscriptions are paused. The answer is when it had been revoked before, if it had.
 * @throws PortolanError `not_found`, `insufficient_scope`
 */
export async function revokeKey(context: Context, manager: KeyManager, id: string): Promise<Instant | undefined> {
  const { store, now } = context
  await requireKey(context, manager, id)
  if (await store.revokeKey(id, now())) return undefined
  const [key] = await store.keys([id])
  return key?.revokedAt
}

async function requireKey({ store }: Context, manager: KeyManager, id: string): Promise<Key> {
  const [key] = await store.keys([id])
  if (!key) throw new PortolanError('not_found', `There is no key ${id}.`)
  if (manager !== 'shell') requireGrantable(manager, key)
  return key
}
