import { type Endpoint, type EndpointKind, kindAndValue } from '../document/endpoint.ts'
import type { Counts } from '../history/revision.ts'
import { pointerTo } from '../json/pointer.ts'

export const changeOperations = ['added', 'removed', 'changed', 'renamed', 'reordered'] as const
type ChangeOperation = (typeof changeOperations)[number]
export const impacts = ['opens', 'closes', 'announces', 'informs'] as const
/** What a change means for a firewall, which knows values and not requirements: judged at one instant on the union of all requirements. */
export type Impact = (typeof impacts)[number]

/** One difference between two documents or two views. */
export interface Change {
  readonly op: ChangeOperation
  /** JSON Pointer into the document read by key: `/requirements/{key}/endpoints/{kind}:{value}`, `/guidance`, `/title`. */
  readonly pointer: string
  /** The key of the requirement after the change, or before it where the requirement was removed. */
  readonly requirement?: string
  /** The place of an added requirement in the new order, from 0. */
  readonly position?: number
  /** The endpoint, where the change is one of an endpoint. */
  readonly endpoint?: { readonly kind: EndpointKind; readonly value?: string }
  /** The endpoint before the change, or the fields of the requirement or catalogue that differ. `after` likewise. */
  readonly before?: unknown
  readonly after?: unknown
  readonly impact: Impact
}

/**
 * Counts the changed rows of requirements and endpoints. A requirement that is renamed and changed is one changed row. Changes of the
 * catalogue itself do not count.
 */
export function countChanges(changes: readonly Change[]): Counts {
  const counts = { added: 0, removed: 0, changed: 0 }
  const renamed = new Set<string>()
  for (const { op, requirement, endpoint } of changes) {
    if (requirement === undefined) continue
    if (op === 'added') counts.added += 1
    else if (op === 'removed') counts.removed += 1
    else if (op === 'renamed' || endpoint || !renamed.has(requirement)) counts.changed += 1
    if (op === 'renamed') renamed.add(requirement)
  }
  return counts
}

export function requirementPointer(key: string): string {
  return `/requirements${pointerTo(key)}`
}

/** The place of an endpoint in a document whose lists are read by key, so that it does not depend on any order. */
export function endpointPointer(requirement: string, endpoint: Endpoint): string {
  return `${requirementPointer(requirement)}/endpoints${pointerTo(kindAndValue(endpoint))}`
}
