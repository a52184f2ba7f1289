import type { Instant } from './instant.ts'

export const keyScopes = ['catalogue:read', 'catalogue:publish', 'catalogue:override', 'admin'] as const
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
