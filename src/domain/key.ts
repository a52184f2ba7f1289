import { createHash, timingSafeEqual } from 'node:crypto'
import { PortolanError } from './errors.ts'
import { type Narrowing, namesCatalogue } from './narrowing.ts'
import { covers, parseAddress, storedAddress } from './network/address.ts'
import type { Instant } from './time/instant.ts'

export const keyScopes = [
  'catalogue:read',
  'catalogue:publish',
  'catalogue:override',
  'feed:write',
  'site:publish',
  'subscriptions:write',
  'keys:manage',
  'metrics:read',
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
  /** The addresses and CIDRs from which the key may be used, in canonical form; absent: any. */
  readonly cidrs?: readonly string[]
  /** The only catalogues that the key may touch; absent: all. It never changes. */
  readonly catalogues?: Narrowing
  /** When it was used last, to the minute. */
  readonly lastUsedAt?: Instant
  /** The secret that a rotation replaced, which is still good for a while. */
  readonly previous?: ReplacedSecret
}

export interface ReplacedSecret {
  readonly hash: string
  readonly until: Instant
}

const shape = /^ptl_([0-9a-f]{12})_[0-9a-f]{64}_([0-9a-f]{8})$/

/**
 * The text of a key, `ptl_<id>_<secret>_<checksum>`, which is shown once. `random`: 38 bytes, of which the first six are the id, unless one
 * is given. By the checksum a scanner recognises a leaked key, and a typing error is refused without asking the store.
 */
export function keyText(random: Uint8Array, known?: string): { readonly id: string; readonly text: string } {
  const hex = Buffer.from(random).toString('hex')
  const id = known ?? hex.slice(0, 12)
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

/**
 * The key as a secret with this hash presents it: a secret that a rotation replaced ends with its time. Undefined where the key has no such
 * secret. The comparison takes constant time.
 */
export function presentedKey(key: Key, hash: string): Key | undefined {
  if (isSame(key.hash, hash)) return key
  const { previous, expiresAt } = key
  if (!previous || !isSame(previous.hash, hash)) return undefined
  return { ...key, hash, expiresAt: Math.min(previous.until, expiresAt ?? previous.until) }
}

function isSame(hash: string, other: string): boolean {
  return timingSafeEqual(Buffer.from(hash, 'hex'), Buffer.from(other, 'hex'))
}

/** Whether a key may be used from an IP address. An address that cannot be read is not let through. */
export function isAllowedFrom({ cidrs }: Pick<Key, 'cidrs'>, address: string): boolean {
  if (cidrs === undefined) return true
  const asked = parseAddress(address)
  return !('fault' in asked) && cidrs.some((cidr) => covers(storedAddress(cidr), asked))
}

export function isUsable({ expiresAt, revokedAt }: Key, now: Instant): boolean {
  return revokedAt === undefined && (expiresAt === undefined || now < expiresAt)
}

/** Whether a key may do what a scope allows. `admin` may do everything, and whoever may publish may read. */
export function hasScope({ scopes }: Pick<Key, 'scopes'>, scope: KeyScope): boolean {
  if (scopes.includes(scope) || scopes.includes('admin')) return true
  return scope === 'catalogue:read' && (scopes.includes('catalogue:publish') || scopes.includes('site:publish'))
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

/**
 * Refuses a key to write to a catalogue that it is not narrowed to.
 * @throws PortolanError `insufficient_scope`
 */
export function requireCatalogue({ id, catalogues }: Key, catalogue: string): void {
  if (namesCatalogue(catalogues, catalogue)) return
  throw new PortolanError(
    'insufficient_scope',
    `The key ${id} may not touch the catalogue ${catalogue}: it is narrowed to ${catalogues?.join(', ')}.`,
    { extra: { catalogue } }
  )
}
