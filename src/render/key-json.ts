import { withoutUndefined } from '../domain/json/without-undefined.ts'
import type { Key } from '../domain/key.ts'
import { formatInstant, type Instant } from '../domain/time/instant.ts'

/** A key as it is told to those who manage keys: never its hash. */
export function keyJson({
  id,
  name,
  scopes,
  catalogues,
  cidrs,
  createdAt,
  expiresAt,
  revokedAt,
  lastUsedAt,
  previous
}: Key) {
  return withoutUndefined({
    id,
    name,
    scopes,
    catalogues,
    cidrs,
    createdAt: formatInstant(createdAt),
    expiresAt: written(expiresAt),
    revokedAt: written(revokedAt),
    lastUsedAt: written(lastUsedAt),
    previousUntil: written(previous?.until)
  })
}

function written(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant)
}
