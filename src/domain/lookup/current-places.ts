import { kindAndValue } from '../document/endpoint.ts'
import { requirementNameKey } from '../history/requirement-name.ts'
import type { LookupFinding } from './lookup-answer.ts'

type Place = Pick<LookupFinding, 'catalogue' | 'requirement' | 'endpoint' | 'status'>

/**
 * The places without those that have ended of a value that stands in the same requirement before them: of a value that came and went many
 * times the place that counts is left, and how many times it ended before. The places come in the order in which a look-up answers them.
 */
export function currentPlaces<Item extends Place>(
  places: readonly Item[]
): { readonly places: readonly Item[]; readonly ended: number } {
  const seen = new Set<string>()
  const left = places.filter(({ catalogue, requirement, endpoint, status }) => {
    const name = requirementNameKey({ catalogue, key: requirement.key })
    const id = `${name}\n${endpoint ? kindAndValue(endpoint) : ''}`
    const isRepeated = status === 'retired' && seen.has(id)
    seen.add(id)
    return !isRepeated
  })
  return { places: left, ended: places.length - left.length }
}
