import {
  buildSchema,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isScalarType
} from 'graphql'
import { catalogueTypeFields } from './fields/catalogue.ts'
import { catalogueFields } from './fields/catalogues.ts'
import { deltaFields } from './fields/delta.ts'
import { eventFields } from './fields/events.ts'
import { exportFields } from './fields/exports.ts'
import { liveEventFields } from './fields/live-events.ts'
import { lookupFields } from './fields/lookups.ts'
import { nodeFields } from './fields/nodes.ts'
import { publishingFields } from './fields/publishing.ts'
import { requirementFields } from './fields/requirements.ts'
import { revisionFields } from './fields/revisions.ts'
import { subgraphFields } from './fields/subgraph.ts'
import { subscribingFields } from './fields/webhook-mutations.ts'
import { subscriptionFields } from './fields/webhooks.ts'
import type { Context } from './reading/context.ts'
import type { Resolvers } from './reading/resolver.ts'
import { scalars } from './scalars.ts'
import { sdl } from './sdl.ts'
import { subgraphTypes } from './subgraph-sdl.ts'

/** The one list of all resolvers. */
const resolvers: readonly Resolvers[] = [
  catalogueFields,
  catalogueTypeFields,
  requirementFields,
  revisionFields,
  lookupFields,
  exportFields,
  eventFields,
  deltaFields,
  nodeFields,
  subscriptionFields,
  publishingFields,
  subscribingFields,
  subgraphFields
]

/** The written schema, and what a federation asks for, with what answers their fields. */
export function executableSchema(): GraphQLSchema {
  const schema = buildSchema(sdl + subgraphTypes)
  for (const [name, reading] of Object.entries(scalars)) {
    const type = schema.getType(name)
    if (!isScalarType(type)) throw new Error(`the schema has no scalar ${name}`)
    Object.assign(type, reading)
  }
  for (const fields of resolvers) attach(schema, fields, 'resolve')
  attach(schema, liveEventFields, 'subscribe')
  for (const type of Object.values(schema.getTypeMap()))
    if (isAbstractType(type) && !type.name.startsWith('__')) type.resolveType = typeNameOf
  return schema
}

function attach(schema: GraphQLSchema, fields: Resolvers, role: 'resolve' | 'subscribe'): void {
  for (const [typeName, resolvers] of Object.entries(fields)) {
    const type = schema.getType(typeName)
    for (const [name, resolver] of Object.entries(resolvers)) {
      const field = isObjectType(type) ? type.getFields()[name] : undefined
      if (!field) throw new Error(`the schema has no field ${typeName}.${name}`)
      // What the SDL says of the field is what the resolver takes.
      field[role] = resolver as GraphQLFieldResolver<unknown, Context>
    }
  }
}

/** Every node says what it is. */
function typeNameOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '__typename' in value ? String(value.__typename) : undefined
}
