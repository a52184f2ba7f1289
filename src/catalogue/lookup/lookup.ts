import { parseLookup } from '../../domain/lookup/lookup.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Catalogues } from '../catalogues.ts'
import { findPlaces, type LookedUp, type LookupClocks } from './places.ts'

/** The places of a value, or the first of them. */
export interface LookedUpPart {
  readonly found: readonly LookedUp[]
  /** Whether there are more. */
  readonly hasMore: boolean
  /** The next instant at which the clock changes the answer. */
  readonly validUntil?: Instant
}

/**
 * Finds the places of a value, port or flow, and answers a part of them.
 * @throws PortolanError `invalid_parameter`, `time_out_of_range`
 */
export async function lookUp(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'cache' | 'now'>,
  text: string,
  clocks: LookupClocks,
  { offset, limit }: { readonly offset: number; readonly limit: number } = { offset: 0, limit: Number.MAX_SAFE_INTEGER }
): Promise<LookedUpPart> {
  const most = offset + limit
  const { findings, withRevisions, validUntil } = await findPlaces(catalogues, [parseLookup(text)], clocks, most)
  const found: LookedUp[] = []
  for (const finding of findings.slice(offset, most)) found.push(await withRevisions(finding))
  return { found, hasMore: findings.length > most, ...(validUntil !== undefined && { validUntil }) }
}
