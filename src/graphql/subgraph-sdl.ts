import {
  type ConstDirectiveNode,
  type DefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SchemaDefinitionNode
} from 'graphql'
import { sdl } from './sdl.ts'

const link = directive('@link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])')
const key = directive('@key(fields: "id")')
const shareable = directive('@shareable')

const written = parse(sdl)

/** What a federation composes: the written schema, in which every node is an entity. */
export const subgraphSdl = print({ ...written, definitions: written.definitions.map(asSubgraphDefinition) })

const entities = written.definitions
  .filter((definition) => definition.kind === Kind.OBJECT_TYPE_DEFINITION)
  .filter(isNodeType)
  .map(({ name }) => name.value)

/** What a router asks of a subgraph. It is no part of the written schema, since people ask for `node`. */
export const subgraphTypes = `
"The key of an entity: its type and its id."
scalar _Any
"An object of this service that other subgraphs may extend."
union _Entity = ${entities.join(' | ')}
"This service as a part of a federation."
type _Service {
  "The schema of the subgraph."
  sdl: String!
}
extend type Query {
  "What a router composes, by Apollo Federation 2."
  _service: _Service!
  "The objects that the keys name, in the order of the keys, as they are now."
  _entities(representations: [_Any!]!): [_Entity]! @listSize(slicingArguments: ["representations"])
}
`

function asSubgraphDefinition(definition: DefinitionNode): DefinitionNode {
  if (definition.kind === Kind.SCHEMA_DEFINITION) return withDirective(definition, link)
  if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION) return definition
  if (isNodeType(definition)) return withDirective(definition, key)
  return definition.name.value === 'PageInfo' ? withDirective(definition, shareable) : definition
}

function isNodeType({ interfaces = [] }: ObjectTypeDefinitionNode): boolean {
  return interfaces.some(({ name }) => name.value === 'Node')
}

function withDirective(
  definition: SchemaDefinitionNode | ObjectTypeDefinitionNode,
  added: ConstDirectiveNode
): DefinitionNode {
  return { ...definition, directives: [...(definition.directives ?? []), added] }
}

/** A directive as graphql-js parses it, which it does only where one stands at a definition. */
function directive(text: string): ConstDirectiveNode {
  const [definition] = parse(`scalar At ${text}`).definitions
  const [found] = definition?.kind === Kind.SCALAR_TYPE_DEFINITION ? (definition.directives ?? []) : []
  if (!found) throw new Error(`${text} is no directive`)
  return found
}
