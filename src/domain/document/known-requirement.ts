import { identicalJson } from '../json/equal-json.ts'
import { variablesOf } from '../network/pattern.ts'
import type { Document, Requirement } from './document.ts'
import type { DocumentReader, Mention } from './document-reader.ts'
import type { Endpoint } from './endpoint.ts'
import type { ReadRequirement } from './parse-requirement.ts'

/** The canonical form of a written requirement, where it is known and has no faults of its own. */
export type KnownRequirements = (written: unknown) => Requirement | undefined

/** Knows requirements that are written as a document has them: what is canonical is read as it stands. */
export function knownOf({ requirements }: Document): KnownRequirements {
  const byKey = new Map<unknown, Requirement>(requirements.map((requirement) => [requirement.key, requirement]))
  return (written) => {
    const known = typeof written === 'object' && written !== null && byKey.get(Reflect.get(written, 'key'))
    return known && identicalJson(known, written) ? known : undefined
  }
}

/**
 * Reads a requirement that is known, at the cost of what it has to do with the rest of its document. Undefined where it names what the document
 * does not have; then it has faults, and is read as any other.
 */
export function readKnown(requirement: Requirement, at: string, reading: DocumentReader): ReadRequirement | undefined {
  const { key, component, previousKeys = [], endpoints } = requirement
  if (component !== undefined && !reading.components.has(component)) return undefined
  const isNamed = (name: string) => reading.variables.has(name)
  if (!endpoints.every(({ kind, value }: Named) => kind !== 'pattern' || variablesOf(value ?? '').every(isNamed)))
    return undefined
  for (const [index, endpoint] of endpoints.entries())
    reading.mentions.push(...mentionsIn(endpoint, `${at}/endpoints/${index}`))
  reading.known.push(requirement)
  return { at, key, previousKeys, requirement }
}

interface Named {
  readonly kind: Endpoint['kind']
  readonly value?: string
}

function mentionsIn(
  { serves, replacedBy }: { readonly serves?: readonly string[]; readonly replacedBy?: readonly string[] },
  at: string
): readonly Mention[] {
  const of = (field: Mention['field'], values: readonly string[] = []) =>
    values.map((value, index) => ({ at: `${at}/${field}/${index}`, field, value }))
  return serves || replacedBy ? [...of('serves', serves), ...of('replacedBy', replacedBy)] : []
}
