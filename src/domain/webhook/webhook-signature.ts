import { createHash, createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto'
import type { Instant } from '../time/instant.ts'
import { type Secret, secretKey } from './webhook-secret.ts'

/** The Ed25519 key with which this service signs. */
export interface SigningKey {
  readonly id: string
  /** `whpk_` and base64 of the 32 bytes. */
  readonly publicKey: string
  /** `whsk_` and base64 of the 32 bytes of the seed. It is kept in the store and never shown. */
  readonly privateKey: string
  readonly createdAt: Instant
}

/** The parts of a request that are signed. Standard Webhooks 1.0. */
interface Signed {
  readonly id: string
  /** Seconds since 1970. */
  readonly timestamp: number
  readonly body: string
}

/** The value of `webhook-signature`: a `v1` for each secret, newest first, then the `v1a` where there is one, separated by spaces. */
export function webhookSignature(signed: Signed, secrets: readonly Secret[], asymmetric?: string): string {
  const content = contentOf(signed)
  const symmetric = secrets.map(
    (secret) => `v1,${createHmac('sha256', secretKey(secret)).update(content).digest('base64')}`
  )
  return asymmetric === undefined ? symmetric.join(' ') : [...symmetric, asymmetric].join(' ')
}

/** The `v1a` of a request by Ed25519, which is the same for all receivers of the same bytes in one second. */
export function asymmetricSignature(signed: Signed, key: SigningKey): string {
  return `v1a,${sign(null, Buffer.from(contentOf(signed)), privateKeyOf(key)).toString('base64')}`
}

function contentOf({ id, timestamp, body }: Signed): string {
  return `${id}.${timestamp}.${body}`
}

/** The value of `content-digest`, RFC 9530. */
export function contentDigest(body: string): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
}

/** The DER that comes before the 32 bytes of an Ed25519 seed, RFC 8410. */
const pkcs8 = Buffer.from('302e020100300506032b657004220420', 'hex')

const keys = new WeakMap<SigningKey, ReturnType<typeof createPrivateKey>>()

function privateKeyOf(key: SigningKey): ReturnType<typeof createPrivateKey> {
  const known = keys.get(key)
  if (known) return known
  const made = keyOfSeed(Buffer.from(key.privateKey.slice('whsk_'.length), 'base64'))
  keys.set(key, made)
  return made
}

function keyOfSeed(seed: Buffer): ReturnType<typeof createPrivateKey> {
  return createPrivateKey({ key: Buffer.concat([pkcs8, seed]), format: 'der', type: 'pkcs8' })
}

/** Both halves of the key with this seed, as texts. */
function writtenPair(seed: Buffer): Pick<SigningKey, 'publicKey' | 'privateKey'> {
  const spki = createPublicKey(keyOfSeed(seed)).export({ format: 'der', type: 'spki' })
  return {
    publicKey: `whpk_${spki.subarray(-32).toString('base64')}`,
    privateKey: `whsk_${seed.toString('base64')}`
  }
}

/** Whether the two halves of a key are as they were made, and belong together. */
export function isPair({ publicKey, privateKey }: SigningKey): boolean {
  const seed = Buffer.from(privateKey.slice('whsk_'.length), 'base64')
  if (seed.byteLength !== 32) return false
  const pair = writtenPair(seed)
  return pair.publicKey === publicKey && pair.privateKey === privateKey
}

/** Makes a key. `random`: 38 bytes, 32 of which are the seed. */
export function newSigningKey(random: Uint8Array, createdAt: Instant): SigningKey {
  const seed = Buffer.from(random.subarray(0, 32))
  const id = `wk_${Buffer.from(random.subarray(32, 38)).toString('hex')}`
  return { id, ...writtenPair(seed), createdAt }
}
