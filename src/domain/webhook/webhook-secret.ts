import { dayMs } from '../time/duration.ts'
import type { Instant } from '../time/instant.ts'

/** A secret of a subscription. It is kept as it is and not hashed, since both sides compute with it. */
export interface Secret {
  /** `whsec_` and base64 of 24 to 64 bytes. */
  readonly text: string
  /** When a replaced secret stops signing; absent: it is the current one. */
  readonly expiresAt?: Instant
}

/** How many bytes of randomness a new secret has. */
export const secretBytes = 32
/** How long a replaced secret still signs. */
const rotationMs = dayMs
/** How many replaced secrets still sign. */
const mostReplaced = 2

/** Secrets that an owner may bring: `whsec_` and base64 of 24 to 64 bytes, which are 32 to 86 characters before the padding. */
export const secretPattern =
  '^whsec_(?=[^=]{32})(?![^=]{87})(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$'

/** The text of a secret with these bytes, as Standard Webhooks (https://www.standardwebhooks.com) writes symmetric secrets. */
export function secretText(random: Uint8Array): string {
  return `whsec_${Buffer.from(random).toString('base64')}`
}

/** The bytes of a secret, with which requests are signed. */
export function secretKey({ text }: Secret): Uint8Array {
  return Buffer.from(text.slice('whsec_'.length), 'base64')
}

/** Puts a new secret in front. The one before it signs for 24 hours more, and at most two replaced secrets stay. */
export function rotateSecret(secrets: readonly Secret[], text: string, now: Instant): readonly Secret[] {
  const [current, ...replaced] = usableSecrets(secrets, now)
  const older = current ? [{ ...current, expiresAt: now + rotationMs }, ...replaced] : []
  return [{ text }, ...older.slice(0, mostReplaced)]
}

/** The secrets that sign now, newest first. */
export function usableSecrets(secrets: readonly Secret[], now: Instant): readonly Secret[] {
  return secrets.filter(({ expiresAt }) => expiresAt === undefined || now < expiresAt)
}
