import { readFileSync } from 'node:fs'
import {
  buildSchema,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType
} from 'graphql'
import { fc } from '../../support/scale.ts'

/*
 * Random operations on the written schema: valid by their shape, with arguments that are right, odd or wrong, aliases, fragments and every
 * way down and up again that the types allow.
 */

const schema = buildSchema(readFileSync(new URL('../../../schema/portolan.graphql', import.meta.url), 'utf8'))
const mostDepth = 7

const texts = fc.constantFrom(
  'clearswift-exchange-gateway-4.8',
  'rss-feed',
  '184.72.245.1',
  'tcp/443',
  '0.0.0.0/0',
  '2018-11-22T00:00:00Z',
  'yesterday',
  'label:2.3',
  '2',
  'csv',
  'edl-ip',
  '',
  'a'.repeat(300),
  'https://receiver.example/a'
)
const numbers = fc.constantFrom(0, 1, 2, 50, 1000, 100_000, -1, 2_147_483_647)

/** A value of an input type, as GraphQL writes it. */
function valueText(type: GraphQLInputType, depth: number): fc.Arbitrary<string> {
  if (isNonNullType(type)) return valueText(type.ofType, depth)
  if (isListType(type))
    return fc.array(valueText(type.ofType, depth), { maxLength: 4 }).map((items) => `[${items.join(' ')}]`)
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => name), 'NONE')
  if (isInputObjectType(type)) {
    const fields = Object.values(type.getFields())
    return fc
      .tuple(
        ...fields.map((field) => {
          const isNeeded = isNonNullType(field.type)
          const value = depth > 2 ? fc.constant('null') : valueText(field.type, depth + 1)
          return fc.option(
            value.map((text) => `${field.name}: ${text}`),
            { freq: isNeeded ? 20 : 2 }
          )
        })
      )
      .map((chosen) => `{ ${chosen.filter((each) => each !== null).join(', ')} }`)
  }
  return fc.oneof(
    texts.map((text) => JSON.stringify(text)),
    numbers.map(String),
    fc.constantFrom('true', 'false', 'null')
  )
}

type Field = GraphQLField<unknown, unknown>

function argumentsOf(field: Field): fc.Arbitrary<string> {
  if (field.args.length === 0) return fc.constant('')
  const each = field.args.map((argument) =>
    fc.option(
      valueText(argument.type, 0).map((text) => `${argument.name}: ${text}`),
      { freq: isNonNullType(argument.type) ? 20 : 2 }
    )
  )
  return fc.tuple(...each).map((chosen) => {
    const given = chosen.filter((text) => text !== null)
    return given.length === 0 ? '' : `(${given.join(', ')})`
  })
}

function selectionOf(type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  if (isAbstractType(type)) {
    const members = schema.getPossibleTypes(type)
    return fc
      .constantFrom(...members)
      .chain((member) => selectionOf(member, depth + 1).map((text) => `{ __typename ... on ${member.name} ${text} }`))
  }
  if (!isObjectType(type)) return fc.constant('')
  const fields = Object.values(type.getFields()).filter((field) => depth < mostDepth || !isDeeper(field))
  if (fields.length === 0) return fc.constant('{ __typename }')
  return fc
    .array(
      fc.constantFrom(...fields).chain((field) => selectedField(field, depth)),
      { minLength: 1, maxLength: depth < 3 ? 3 : 2 }
    )
    .map((chosen) => `{ ${chosen.map((text, index) => `f${index}: ${text}`).join(' ')} }`)
}

const isDeeper = (field: Field) => {
  const type = getNamedType(field.type)
  return isObjectType(type) || isAbstractType(type)
}

function selectedField(field: Field, depth: number): fc.Arbitrary<string> {
  return fc
    .tuple(argumentsOf(field), selectionOf(getNamedType(getNullableType(field.type)), depth + 1))
    .map(([given, selection]) => `${field.name}${given} ${selection}`)
}

function operationOn(kind: 'query' | 'mutation'): fc.Arbitrary<string> {
  const root = kind === 'query' ? schema.getQueryType() : schema.getMutationType()
  if (!root) throw new Error(`The schema has no ${kind}.`)
  return selectionOf(root, 0).map((selection) => `${kind} ${selection}`)
}

/** Texts that are no operation on this schema, or no operation at all. */
const broken = fc.constantFrom(
  '',
  '{',
  '{ a }',
  'query ($a: Int) { catalogues(first: $a) { nodes { id } } }',
  `{ ${'catalogues { nodes { id } } '.repeat(300)} }`,
  `{ nodes(ids: [${'1 '.repeat(3000)}]) { id } }`,
  `${'{ a '.repeat(200)}${'}'.repeat(200)}`,
  'fragment a on Catalogue { ...a } { catalogues { nodes { ...a } } }',
  'subscription { events { seq } }',
  '{ __schema { types { fields { type { fields { name } } } } } }'
)

/** The bodies of requests to `/graphql`. */
export const graphqlBodies: fc.Arbitrary<string> = fc
  .oneof(
    { arbitrary: operationOn('query'), weight: 8 },
    { arbitrary: operationOn('mutation'), weight: 1 },
    { arbitrary: broken, weight: 1 }
  )
  .map((query) => JSON.stringify({ query }))
