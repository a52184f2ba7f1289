import type { TSchema } from 'typebox'
import {
  DocumentInputSchema,
  DocumentSchema,
  RequirementFieldsSchema,
  RequirementInputSchema,
  RequirementSchema
} from '../../domain/document/document.ts'
import { EditionInputSchema, EditionSchema, EditionSourceSchema } from '../../domain/document/edition.ts'
import {
  EndpointInputSchema,
  EndpointSchema,
  endpointInputSchemas,
  endpointSchemas
} from '../../domain/document/endpoint.ts'
import { canonicalJson } from '../../domain/json/canonical-json.ts'
import { PortRangeSchema, ServiceInputSchema, ServiceSchema } from '../../domain/network/network-service.ts'
import { largestText, mostRows } from '../schema/schema-words.ts'

/** A JSON Schema or another object of the document: members by name. */
export type Node = Readonly<Record<string, unknown>>

/** The names of the domain's schemas in generated clients, since the domain knows no OpenAPI. Other schemas have theirs as `title`. */
const domainSchemas: Readonly<Record<string, TSchema>> = {
  Document: DocumentSchema,
  DocumentInput: DocumentInputSchema,
  DocumentRequirement: RequirementSchema,
  DocumentEndpoint: EndpointSchema,
  RequirementFields: RequirementFieldsSchema,
  RequirementInput: RequirementInputSchema,
  EndpointInput: EndpointInputSchema,
  ...byKind(endpointSchemas, (kind) => `Document${kind}Endpoint`),
  ...byKind(endpointInputSchemas, (kind) => `${kind}EndpointInput`),
  Edition: EditionSchema,
  EditionInput: EditionInputSchema,
  EditionSource: EditionSourceSchema,
  Service: ServiceSchema,
  ServiceInput: ServiceInputSchema,
  PortRange: PortRangeSchema,
  Variable: DocumentSchema.properties.variables.items,
  Component: DocumentSchema.properties.components.items,
  Guidance: DocumentSchema.properties.guidance.items,
  Proxy: RequirementFieldsSchema.properties.proxy,
  Reference: RequirementFieldsSchema.properties.references.items
}

function byKind(schemas: Readonly<Record<string, TSchema>>, name: (kind: string) => string): Record<string, TSchema> {
  const capital = (kind: string) => kind.charAt(0).toUpperCase() + kind.slice(1)
  return Object.fromEntries(Object.entries(schemas).map(([kind, schema]) => [name(capital(kind)), schema]))
}

/** Members whose values are not schemas. */
const literal = new Set(['example', 'examples', 'default', 'enum', 'const', 'required'])

/** The node with each part changed that may be or contain a schema. Below `properties` any member is a schema, whatever its name. */
export function withParts(node: Node, change: (part: unknown) => unknown): Node {
  return Object.fromEntries(
    Object.entries(node).map(([name, part]) => {
      if (literal.has(name)) return [name, part]
      if (name !== 'properties' || !isNode(part)) return [name, change(part)]
      return [name, Object.fromEntries(Object.entries(part).map(([property, schema]) => [property, change(schema)]))]
    })
  )
}

/**
 * A schema as the document shows it: literals as one `enum`, records by `additionalProperties`, and every list, text and number with
 * bounds. If it has no bounds of its own, the size of a body bounds it. The function is idempotent.
 */
export function plainSchema(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(plainSchema)
  if (!isNode(node)) return node
  return withBounds(withRecordsByName(withOneEnum(withParts(node, plainSchema))))
}

function withOneEnum({ const: value, anyOf, ...rest }: Node): Node {
  if (value !== undefined) return { ...rest, enum: [value] }
  if (!Array.isArray(anyOf)) return anyOf === undefined ? rest : { ...rest, anyOf }
  const words = anyOf.map((option) => (isNode(option) && option.type === 'string' ? option.enum : undefined))
  if (anyOf.length === 0 || !words.every(Array.isArray)) return { ...rest, anyOf }
  return { ...rest, type: 'string', enum: words.flat() }
}

function withRecordsByName({ patternProperties, ...rest }: Node): Node {
  if (!isNode(patternProperties)) return rest
  const [[pattern, values] = []] = Object.entries(patternProperties)
  return { ...rest, propertyNames: { type: 'string', pattern, maxLength: 100 }, additionalProperties: values }
}

function withBounds(node: Node): Node {
  const { type, format, maximum, maxLength, maxItems, items } = node
  if (type === 'array' && maxItems === undefined) {
    const words = isNode(items) && Array.isArray(items.enum) ? items.enum.length : undefined
    return { ...node, maxItems: words ?? mostRows }
  }
  if (type === 'string' && maxLength === undefined && node.enum === undefined)
    return { ...node, maxLength: format === 'date-time' ? 40 : largestText }
  if (type === 'integer' && format === undefined && typeof maximum === 'number')
    return { ...node, format: maximum <= 2_147_483_647 ? 'int32' : 'int64' }
  return node
}

/** Collects the named schemas of a document, each once, and replaces them by references. */
export class Components {
  readonly #prefix: string
  readonly #schemas = new Map<string, unknown>()
  readonly #sources = new Map<string, string>()
  readonly #names = new Map<string, string>()

  /** `prefix`: the beginning of every reference, such as `#/components/schemas/`. */
  constructor(prefix: string) {
    this.#prefix = prefix
    for (const [name, schema] of Object.entries(domainSchemas))
      this.#names.set(canonicalJson(plainSchema(jsonOf(schema))), name)
  }

  /** The collected schemas by name. */
  get schemas(): Readonly<Record<string, unknown>> {
    return Object.fromEntries([...this.#schemas].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  /** The node with references in place of named schemas. `isRoot`: the node itself keeps its content. */
  refer(node: unknown, isRoot = false): unknown {
    if (Array.isArray(node)) return node.map((item) => this.refer(item))
    if (!isNode(node)) return node
    const source = isSchema(node) ? canonicalJson(node) : undefined
    const name = source === undefined || isRoot ? undefined : this.#nameOf(node, source)
    if (name !== undefined && this.#sources.has(name)) return this.#reference(name, source)
    if (name !== undefined) this.#sources.set(name, source ?? '')
    const content = withParts(node, (part) => this.refer(part))
    if (name === undefined) return content
    this.#schemas.set(name, content)
    return this.#reference(name, source)
  }

  #nameOf({ title }: Node, source: string): string | undefined {
    if (typeof title === 'string' && /^[A-Z][A-Za-z]+$/.test(title)) return title
    return this.#names.get(source)
  }

  #reference(name: string, source: string | undefined): Node {
    if (this.#sources.get(name) !== source) throw new Error(`Two schemas are named ${name}: give one another title.`)
    return { $ref: this.#prefix + name }
  }
}

/** Lists have a name only where they are a whole answer, and then they have a title. */
function isSchema({ type, anyOf, title }: Node): boolean {
  return type === 'object' || Array.isArray(anyOf) || (type === 'array' && title !== undefined)
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The value as members by name; empty if it is no object. */
export function schemaNode(value: unknown): Node {
  return isNode(value) ? value : {}
}

/** The object with each member changed. */
export function mapNode(value: unknown, change: (member: unknown, name: string) => unknown): Node {
  return Object.fromEntries(Object.entries(schemaNode(value)).map(([name, member]) => [name, change(member, name)]))
}

/** A value as JSON has it, without the symbols of TypeBox. */
export function jsonOf(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

/** Sorts members by name, so that a diff of two versions shows only what changed. Examples keep the order of the real answers. */
export function sortMembers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortMembers)
  if (!isNode(value)) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, literal.has(name) ? member : sortMembers(member)])
  )
}
