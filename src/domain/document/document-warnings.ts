import { pointerTo } from '../json/pointer.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import type { Document, Requirement } from './document.ts'
import { kindAndValue } from './endpoint.ts'

/** Something that a document may say, and that is often a mistake. `pointer` reads lists by key. */
export interface DocumentWarning {
  readonly pointer: string
  readonly detail: string
}

const longRemark = 500

/** What an author should look at again. `now` tells which ends have passed. */
export function documentWarnings({ requirements }: Document, now: Instant): readonly DocumentWarning[] {
  return [...requirements.flatMap((requirement) => warningsOf(requirement, now)), ...lonelyTags(requirements)]
}

function warningsOf(requirement: Requirement, now: Instant): readonly DocumentWarning[] {
  const { key, remarks, endpoints } = requirement
  const at = `/requirements/${key}`
  const served = new Set(endpoints.flatMap((endpoint) => (endpoint.kind === 'address' ? (endpoint.serves ?? []) : [])))
  const hasAddress = endpoints.some(({ kind }) => kind === 'address')
  return [
    ...longRemarks(remarks, `${at}/remarks`),
    ...endpoints.flatMap((endpoint): readonly DocumentWarning[] => {
      const place = `${at}/endpoints${pointerTo(kindAndValue(endpoint))}`
      const { until } = endpoint
      const isUnpaired = endpoint.kind === 'host' && hasAddress && !served.has(endpoint.value)
      return [
        ...(isUnpaired
          ? [{ pointer: place, detail: 'no address of the requirement serves this host: add serves to those that do' }]
          : []),
        ...(until !== undefined && readInstant(until) <= now
          ? [{ pointer: place, detail: `its end, ${until}, has passed` }]
          : []),
        ...longRemarks(endpoint.remarks, place)
      ]
    })
  ]
}

function longRemarks(remarks: string | undefined, pointer: string): readonly DocumentWarning[] {
  if (remarks === undefined || remarks.length <= longRemark) return []
  return [
    { pointer, detail: `the remarks have ${remarks.length} characters: more than ${longRemark} are read by nobody` }
  ]
}

/** A tag groups: one that stands once is often misspelt. */
function lonelyTags(requirements: readonly Requirement[]): readonly DocumentWarning[] {
  const homes = new Map<string, string[]>()
  for (const { key, tags = [] } of requirements)
    for (const tag of tags) homes.set(tag, [...(homes.get(tag) ?? []), key])
  return [...homes].flatMap(([tag, keys]) =>
    keys.length === 1 && requirements.length > 1
      ? [{ pointer: `/requirements/${keys[0]}/tags`, detail: `the tag ${tag} stands nowhere else` }]
      : []
  )
}
