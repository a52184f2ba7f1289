import t from 'tap'
import type { AllResolvers, FieldResolvers, SomeResolvers } from '../../src/graphql/resolvers.ts'
import { executableSchema } from '../../src/graphql/schema.ts'

/** The type check fails where a line below `@ts-expect-error` compiles. */
export const typeChecks = [
  { Query: { node: (_, { id }) => void id.length } } satisfies SomeResolvers<'Query', 'node'>,
  // @ts-expect-error an argument that the schema does not have
  { Query: { node: (_, { key }) => void key } } satisfies SomeResolvers<'Query', 'node'>,
  // @ts-expect-error an argument of another type
  { Query: { node: (_, { id }) => void id.toFixed() } } satisfies SomeResolvers<'Query', 'node'>,
  // @ts-expect-error a result of another type
  { Query: { node: () => 'text' } } satisfies SomeResolvers<'Query', 'node'>,
  // @ts-expect-error a member that the source does not have
  { Diff: { changes: ({ differences }) => differences } } satisfies SomeResolvers<'Diff', 'changes'>,
  // @ts-expect-error a field that the schema does not have
  { Query: { formats: () => [], nothing: () => 1 } } satisfies Pick<FieldResolvers, 'Query'>,
  // @ts-expect-error a type that the schema does not have
  { Nothing: {} } satisfies Partial<AllResolvers>,
  // @ts-expect-error no resolver of a field that the source does not have
  {} satisfies Pick<FieldResolvers['Requirement'], 'servicesText'>,
  // @ts-expect-error no resolver of a field whose member in the source is of another type
  {} satisfies Pick<FieldResolvers['Requirement'], 'externalIds'>,
  // @ts-expect-error no resolver of a field with arguments, which the member of the source does not read
  {} satisfies Pick<FieldResolvers['Requirement'], 'endpoints'>,
  {} satisfies Pick<FieldResolvers['Requirement'], 'title'>
]

t.test('every field of the roots has its resolver', async (t) => {
  const schema = executableSchema()
  for (const type of [schema.getQueryType(), schema.getMutationType()])
    for (const field of Object.values(type?.getFields() ?? {})) t.type(field.resolve, 'function', field.name)
  t.type(schema.getSubscriptionType()?.getFields().events?.subscribe, 'function')
})
