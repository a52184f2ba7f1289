import type { Document, Profile, Requirement, RequirementFields } from '../document/document.ts'
import type { Edition } from '../document/edition.ts'
import { type Endpoint, endpointId } from '../document/endpoint.ts'
import { groupBy } from '../group.ts'
import { identicalJson } from '../json/equal-json.ts'

/** One endpoint with the key of the requirement that it belongs to. */
export interface EndpointRow {
  readonly requirement: string
  readonly endpoint: Endpoint
}

/**
 * A document taken apart into the rows that history keeps. It may be a part of a document: to compare two revisions, the rows in which
 * they differ are enough.
 */
export interface Rows {
  readonly profile: Profile
  readonly edition: Edition
  /** The keys of the requirements in the author's order. */
  readonly order: readonly string[]
  readonly requirements: ReadonlyMap<string, RequirementFields>
  /** The rows by `endpointId`. There are several rows, ascending by `from`, where a value left and came back. */
  readonly endpoints: ReadonlyMap<string, readonly EndpointRow[]>
  /** Requirements of a comparison that are the same on both sides. Their rows are rows of the document that are not among the others. */
  readonly standing?: readonly Requirement[]
}

/** Calls a function with each row of a document, of what stays in a comparison too, as long as it does not answer false. */
export function forEachRow(
  { endpoints, standing = [] }: Pick<Rows, 'endpoints' | 'standing'>,
  see: (requirement: string, endpoint: Endpoint) => unknown
): void {
  for (const rows of endpoints.values())
    for (const { requirement, endpoint } of rows) if (see(requirement, endpoint) === false) return
  for (const { key, endpoints } of standing) for (const endpoint of endpoints) if (see(key, endpoint) === false) return
}

/** Takes a whole document apart. */
export function toRows({ requirements, edition, ...profile }: Document): Rows {
  const fields = new Map<string, RequirementFields>()
  const rows: EndpointRow[] = []
  for (const { endpoints, ...rest } of requirements) {
    fields.set(rest.key, rest)
    for (const endpoint of endpoints) rows.push({ requirement: rest.key, endpoint })
  }
  const order = requirements.map(({ key }) => key)
  return { profile, edition, order, requirements: fields, endpoints: groupRows(rows) }
}

/** Groups rows by `endpointId`, in the order given. */
export function groupRows(rows: Iterable<EndpointRow>): Map<string, EndpointRow[]> {
  return groupBy(rows, ({ requirement, endpoint }) => endpointId(requirement, endpoint))
}

/**
 * The rows of a document, with the lists of the document before in the place of those that are identical: whoever compares the two afterwards
 * sees at once what stayed.
 */
export function sharedRows(before: Rows, after: Rows): Rows {
  const endpoints = new Map(after.endpoints)
  for (const [id, rows] of endpoints) {
    const old = before.endpoints.get(id)
    if (old && identicalJson(old, rows)) endpoints.set(id, old)
  }
  return { ...after, endpoints }
}

/** Puts a document together, with its members in canonical order. */
export function orderedDocument(profile: Profile, edition: Edition, requirements: readonly Requirement[]): Document {
  const { guidance, ...rest } = profile
  return { ...rest, edition, ...(guidance && { guidance }), requirements }
}
