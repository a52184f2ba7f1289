import {
  buildSchema,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  isAbstractType,
  isObjectType,
  isScalarType
} from 'graphql'
import { auditFields } from './fields/audits.ts'
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
import { transportFields } from './fields/transports.ts'
import { webhookMutations } from './fields/webhook-mutations.ts'
import { webhookFields } from './fields/webhooks.ts'
import { boundFields } from './operation/bounded-fields.ts'
import type { Context } from './reading/context.ts'
import type { AllResolvers } from './resolvers.ts'
import { scalars } from './scalars.ts'
import { sdl } from './sdl.ts'
import { subgraphTypes } from './subgraph-sdl.ts'

/** The one list of all resolvers. Without the resolver of a field that needs one it does not compile. */
const resolvers = {
  ...requirementFields,
  ...revisionFields,
  ...transportFields,
  Query: {
    ...catalogueFields.Query,
    ...lookupFields.Query,
    ...auditFields.Query,
    ...exportFields.Query,
    ...eventFields.Query,
    ...deltaFields.Query,
    ...nodeFields.Query,
    ...webhookFields.Query,
    ...subgraphFields.Query
  },
  Mutation: { ...publishingFields.Mutation, ...webhookMutations.Mutation },
  Subscription: liveEventFields.Subscription,
  Catalogue: { ...catalogueTypeFields.Catalogue, ...exportFields.Catalogue },
  EndpointRow: { ...transportFields.EndpointRow, ...requirementFields.EndpointRow },
  Diff: catalogueTypeFields.Diff,
  ExportReport: exportFields.ExportReport,
  Event: eventFields.Event,
  EventConnection: eventFields.EventConnection,
  LookupConnection: lookupFields.LookupConnection,
  WebhookSubscription: webhookFields.WebhookSubscription,
  PublishPayload: publishingFields.PublishPayload
} satisfies AllResolvers

/** The written schema, and what a federation asks for, with what answers their fields. */
export function executableSchema(): GraphQLSchema {
  const schema = buildSchema(sdl + subgraphTypes)
  for (const [name, scalar] of Object.entries(scalars)) {
    const type = schema.getType(name)
    if (!isScalarType(type)) throw new Error(`the schema has no scalar ${name}`)
    Object.assign(type, scalar)
  }
  for (const [type, fields] of Object.entries(resolvers))
    for (const [name, resolver] of Object.entries(fields)) attach(fieldOf(schema, type, name), resolver)
  for (const type of Object.values(schema.getTypeMap()))
    if (isAbstractType(type) && !type.name.startsWith('__')) type.resolveType = typeNameOf
  boundFields(schema)
  return schema
}

type AnyResolver = GraphQLFieldResolver<unknown, Context>

/** That a resolver takes what the schema says of its field was checked by `satisfies`, which each cast forgets. */
function attach(field: GraphQLField<unknown, Context>, resolver: object): void {
  if ('subscribe' in resolver) field.subscribe = resolver.subscribe as AnyResolver
  else field.resolve = resolver as AnyResolver
}

function fieldOf(schema: GraphQLSchema, typeName: string, name: string): GraphQLField<unknown, Context> {
  const type = schema.getType(typeName)
  const field = isObjectType(type) ? type.getFields()[name] : undefined
  if (field) return field
  throw new Error(`the schema has no field ${typeName}.${name}`)
}

/** Every node says what it is. */
function typeNameOf(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && '__typename' in value ? String(value.__typename) : undefined
}
