import { createHash, timingSafeEqual } from 'node:crypto'
import { PortolanError } from './errors.ts'
import type { Instant } from './time/instant.ts'

export const keyScopes = [
  'catalogue:read',
  'catalogue:publish',
  'catalogue:override',
  'subscriptions:write',
  'admin'
] as const
export type KeyScope = (typeof keyScopes)[number]

/** A key as it is kept: never the secret, only its SHA-256. */
export interface Key {
  readonly id: string
  readonly name?: string
  /** Lower-case hex SHA-256 of the whole key text. */
  readonly hash: string
  readonly scopes: readonly KeyScope[]
  readonly createdAt: Instant
  readonly expiresAt?: Instant
  readonly revokedAt?: Instant
}

const shape = /^ptl_([0-9a-f]{12})_[0-9a-f]{64}_([0-9a-f]{8})$/

/**
 * The text of a key, `ptl_<id>_<secret>_<checksum>`, which is shown once. `random`: 38 bytes. By the checksum a scanner recognises a
 * leaked key, and a typing error is refused without asking the store.
 */
export function keyText(random: Uint8Array): { readonly id: string; readonly text: string } {
  const hex = Buffer.from(random).toString('hex')
  const id = hex.slice(0, 12)
  const body = `ptl_${id}_${hex.slice(12, 76)}`
  return { id, text: `${body}_${checksum(body)}` }
}

/** The id in the text of a key, or undefined where the text is no key of this service. */
export function keyId(text: string): string | undefined {
  const match = shape.exec(text)
  return match && checksum(text.slice(0, text.lastIndexOf('_'))) === match[2] ? match[1] : undefined
}

export function keyHash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

/** Whether the text is that of the key. The comparison takes constant time. */
export function isKey(key: Key, text: string): boolean {
  return timingSafeEqual(Buffer.from(key.hash, 'hex'), Buffer.from(keyHash(text), 'hex'))
}

export function isUsable({ expiresAt, revokedAt }: Key, now: Instant): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt)
}

/** Whether a key may do what a scope allows. `admin` may do everything, and whoever may publish may read. */
export function hasScope({ scopes }: Pick<Key, 'scopes'>, scope: KeyScope): boolean {
  if (scopes.includes(scope) || scopes.includes('admin')) return true
  return scope === 'catalogue:read' && scopes.includes('catalogue:publish')
}

function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 8)
}

/** @throws PortolanError `unauthorized`, `insufficient_scope` */
export function requireScope(key: Key | undefined, scope: KeyScope): Key {
  if (!key) throw new PortolanError('unauthorized', `A key with the scope ${scope} is needed.`)
  if (hasScope(key, scope)) return key
  throw new PortolanError('insufficient_scope', `The key ${key.id} lacks the scope ${scope}.`, { extra: { scope } })
}
