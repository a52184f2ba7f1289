import { GraphQLError, type GraphQLScalarType, type ValueNode, valueFromASTUntyped } from 'graphql'
import { eventTypes } from '../domain/event/event.ts'
import { parseAsOf, requireInstant } from '../domain/read/as-of.ts'
import { formatInstant } from '../domain/time/instant.ts'
import { requireAddress, requireHost } from '../domain/view/filter-tree.ts'
import type { Scalars } from './schema-types.ts'

/** How the values of a scalar are read and written. */
interface Scalar<T> {
  readonly serialize: (value: unknown) => unknown
  /** @throws PortolanError, GraphQLError where a value is none of the scalar. */
  readonly parseValue: (value: unknown) => T
  readonly parseLiteral: (node: ValueNode, variables?: Parameters<GraphQLScalarType['parseLiteral']>[1]) => T
}

/** The scalars that the schema declares. `_Any` is read by the field that takes it. */
type DeclaredScalars = Omit<Scalars, 'ID' | 'String' | 'Boolean' | 'Int' | 'Float' | '_Any'>

export const scalars = {
  DateTime: scalar(
    (value) => requireInstant(requireText(value, 'An instant'), 'DateTime'),
    (value) => (typeof value === 'number' ? formatInstant(value) : value)
  ),
  AsOf: scalar((value) => {
    const text = typeof value === 'number' ? String(value) : requireText(value, 'A revision or instant')
    parseAsOf(text)
    return text
  }),
  Seq: scalar((value) => {
    const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number
    throw new GraphQLError('A seq is a whole number from 0 to 2^53 - 1.')
  }),
  JSON: scalar((value) => value),
  CIDR: scalar((value) => requireAddress(requireText(value, 'An address')).value),
  Hostname: scalar((value) => requireHost(requireText(value, 'A host name'))),
  ETag: scalar((value) => requireText(value, 'An entity tag').replace(/^"(.*)"$/, '$1')),
  EventType: scalar((value) => {
    const found = eventTypes.find((type) => type === value)
    if (found) return found
    throw new GraphQLError(`A type of events is one of ${eventTypes.join(', ')}.`)
  })
} satisfies { readonly [Name in keyof DeclaredScalars]: Scalar<DeclaredScalars[Name]['input']> }

function scalar<T>(
  parseValue: (value: unknown) => T,
  serialize: (value: unknown) => unknown = (value) => value
): Scalar<T> {
  return {
    serialize,
    parseValue,
    parseLiteral: (node, variables) => parseValue(valueFromASTUntyped(node, variables))
  }
}

function requireText(value: unknown, what: string): string {
  if (typeof value === 'string' && value.length <= 1000) return value
  throw new GraphQLError(`${what} is written as text of at most 1000 characters.`)
}
