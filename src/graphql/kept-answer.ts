import type { Slot } from '../catalogue/cache.ts'
import type { Catalogues } from '../catalogue/catalogues.ts'
import { stampOf } from '../catalogue/stamp.ts'
import type { Instant } from '../domain/instant.ts'
import type { Seen } from './seen.ts'

/** The bytes of an answer, and how long they are right: while nothing that they depend on is published, and no transition comes. */
export interface KeptAnswer {
  readonly bytes: Uint8Array
  readonly stamp: number
  readonly catalogue?: string
  readonly from: Instant
  readonly until: Instant
}

const answers: Slot<KeptAnswer> = { name: 'graphql', bytes: ({ bytes }) => bytes.byteLength }

/** The answer to the same request, if it is still right. */
export function recallAnswer(catalogues: Catalogues, key: string): Uint8Array | undefined {
  const kept = catalogues.cache.get(answers, key)
  if (!kept || kept.stamp !== stampOf(catalogues, kept.catalogue)) return undefined
  const now = catalogues.now()
  return kept.from <= now && now < kept.until ? kept.bytes : undefined
}

export function keepAnswer({ cache }: Catalogues, key: string, bytes: Uint8Array, seen: Seen): void {
  const { catalogue, stamp, instant: from, until } = seen
  cache.set(answers, key, { bytes, stamp, ...(catalogue !== undefined && { catalogue }), from, until })
}
