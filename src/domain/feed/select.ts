import type { RequirementFields } from '../document/document.ts'
import type { Endpoint } from '../document/endpoint.ts'

/** Fields of a source and the values to take. The values of one field are OR, several fields are AND. */
export type Select = Readonly<Record<string, readonly string[]>>

/** A field of a source that `select` knows, and where the documents that are made of the source keep its values. */
export interface SelectField {
  /** The source's own name for it. */
  readonly name: string
  readonly kept: /** A namespace of `externalIds`: the value in its own spelling. */
    | { readonly externalId: string }
    /** The beginning of a tag of the requirement, before the value as a slug. */
    | { readonly tag: string }
    /** The beginning of a tag of the endpoint; a row without one has the value of another field. */
    | { readonly endpointTag: string; readonly otherwise?: string }
    /** The key of the requirement. */
    | { readonly key: true }
    /** The title of the requirement. */
    | { readonly title: true }
    /** A tag of the requirement: `true` where it stands there, else `false`. */
    | { readonly flag: string }
    /** The necessity of the requirement: `true` where it is required, else `false`. */
    | { readonly isRequired: true }
}

/**
 * Whether a row is one of those that are selected. Values are compared without case, and a `*` at the end of a value takes every value that
 * begins so. `valuesOf`: what the row has in a field.
 */
export function isSelected(select: Select, valuesOf: (field: string) => readonly string[]): boolean {
  return Object.entries(select).every(([field, wanted]) => {
    const values = valuesOf(field).map((value) => value.toLowerCase())
    return wanted.some((each) => {
      const text = each.toLowerCase()
      if (!text.endsWith('*')) return values.includes(text)
      return values.some((value) => value.startsWith(text.slice(0, -1)))
    })
  })
}

/** What a row of a document has in a field of the source that the document was made of. */
export function keptValues(
  fields: readonly SelectField[],
  name: string,
  requirement: RequirementFields,
  endpoint: Endpoint
): readonly string[] {
  const kept = fields.find((field) => field.name === name)?.kept
  if (!kept) return []
  if ('externalId' in kept) return [requirement.externalIds?.[kept.externalId] ?? []].flat()
  if ('key' in kept) return [requirement.key]
  if ('title' in kept) return [requirement.title]
  if ('flag' in kept) return [String(requirement.tags?.includes(kept.flag) === true)]
  if ('isRequired' in kept) return [String(requirement.necessity === 'required')]
  if ('tag' in kept) return valuesAfter(kept.tag, requirement.tags)
  const values = valuesAfter(kept.endpointTag, endpoint.tags)
  if (values.length > 0 || kept.otherwise === undefined) return values
  return keptValues(fields, kept.otherwise, requirement, endpoint)
}

function valuesAfter(beginning: string, tags: readonly string[] = []): readonly string[] {
  return tags.flatMap((tag) => (tag.startsWith(beginning) ? [tag.slice(beginning.length)] : []))
}
