import { endpointValue, valueKey } from '../document/endpoint.ts'
import { variablesOf } from '../network/pattern.ts'
import type { Viewable } from '../view/view.ts'

/** What a site may name of a requirement. */
export interface RequirementNames {
  /** Whether it is conditional or optional in one of the documents. */
  readonly isConditional: boolean
  /** The endpoints by `valueKey`: whether an end of one is announced. */
  readonly endpoints: ReadonlyMap<string, boolean>
  /** Whether a list that is published elsewhere, or a role, brings endpoints that the document does not name. */
  readonly bringsOthers: boolean
}

/** What documents of one catalogue name, and a site may name too. */
export interface CatalogueNames {
  /** By key, and by the former keys. */
  readonly requirements: ReadonlyMap<string, RequirementNames>
  readonly roles: ReadonlySet<string>
  /** The expressions that values of a variable must fit, one of them; none where any value does. */
  readonly variables: ReadonlyMap<string, readonly string[]>
  /** The patterns of names in which variables stand. */
  readonly patterns: ReadonlySet<string>
  readonly components: ReadonlySet<string>
}

/** What is known of a catalogue that a site takes. */
export interface KnownCatalogue {
  /** Of the newest revision, and of the one that the site keeps to. */
  readonly current: CatalogueNames
  /** Of all revisions. It is asked only where `current` has no such name, so who reads a site may leave it out at first. */
  readonly ever?: CatalogueNames
}

interface FoundRequirement {
  isConditional: boolean
  bringsOthers: boolean
  readonly endpoints: Map<string, boolean>
}

/** The names in some documents of one catalogue. */
export function namesIn(documents: Iterable<Viewable>): CatalogueNames {
  const requirements = new Map<string, FoundRequirement>()
  const roles = new Set<string>()
  const variables = new Map<string, string[]>()
  const patterns = new Set<string>()
  const components = new Set<string>()
  for (const document of documents) {
    for (const { key } of document.components ?? []) components.add(key)
    for (const { key, pattern } of document.variables ?? []) {
      const expressions = variables.get(key) ?? []
      // A variable without an expression takes any value.
      variables.set(key, [...expressions, pattern ?? '.*'])
    }
    for (const { key, previousKeys = [], necessity, endpoints } of document.requirements) {
      const found = requirements.get(key) ?? { isConditional: false, bringsOthers: false, endpoints: new Map() }
      for (const name of [key, ...previousKeys]) requirements.set(name, found)
      found.isConditional ||= necessity !== 'required'
      for (const endpoint of endpoints) {
        const id = valueKey(endpoint)
        found.endpoints.set(id, endpoint.until !== undefined || found.endpoints.get(id) === true)
        found.bringsOthers ||= endpoint.kind === 'role' || endpoint.kind === 'feed' || endpoint.kind === 'pattern'
        if (endpoint.kind === 'role') roles.add(endpoint.value)
        if (endpoint.kind === 'pattern' && variablesOf(endpointValue(endpoint)).length > 0) patterns.add(endpoint.value)
      }
    }
  }
  return { requirements, roles, variables, patterns, components }
}
