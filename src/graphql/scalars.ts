import { GraphQLError, type GraphQLScalarType, type ValueNode, valueFromASTUntyped } from 'graphql'
import { eventTypes } from '../domain/event/event.ts'
import { parseAsOf, requireInstant } from '../domain/read/as-of.ts'
import { formatInstant } from '../domain/time/instant.ts'
import { requireAddress, requireHost } from '../domain/view/filter-tree.ts'

/** How a scalar of the schema is read and written. */
interface Reading {
  /** @throws PortolanError where it is not one. */
  readonly parseValue: (value: unknown) => unknown
  readonly serialize?: (value: unknown) => unknown
}

function scalar({ parseValue, serialize = (value) => value }: Reading) {
  return {
    serialize,
    parseValue,
    parseLiteral: (node: ValueNode, variables?: Parameters<GraphQLScalarType['parseLiteral']>[1]) =>
      parseValue(valueFromASTUntyped(node, variables))
  }
}

function requireText(value: unknown, what: string): string {
  if (typeof value === 'string' && value.length <= 1000) return value
  throw new GraphQLError(`${what} is written as text.`)
}

/** The scalars that the schema declares. */
export const scalars = {
  DateTime: scalar({
    parseValue: (value) => requireInstant(requireText(value, 'An instant'), 'DateTime'),
    serialize: (value) => (typeof value === 'number' ? formatInstant(value) : value)
  }),
  AsOf: scalar({
    parseValue(value) {
      const text = typeof value === 'number' ? String(value) : requireText(value, 'A revision or instant')
      parseAsOf(text)
      return text
    }
  }),
  Seq: scalar({
    parseValue(value) {
      const number = typeof value === 'string' && /^\d{1,16}$/.test(value) ? Number(value) : value
      if (Number.isSafeInteger(number) && Number(number) >= 0) return number
      throw new GraphQLError('A seq is a whole number from 0 to 2^53 - 1.')
    }
  }),
  JSON: scalar({ parseValue: (value) => value }),
  CIDR: scalar({ parseValue: (value) => requireAddress(requireText(value, 'An address')).value }),
  Hostname: scalar({ parseValue: (value) => requireHost(requireText(value, 'A host name')) }),
  ETag: scalar({ parseValue: (value) => requireText(value, 'An entity tag').replace(/^"(.*)"$/, '$1') }),
  EventType: scalar({
    parseValue(value) {
      const found = eventTypes.find((type) => type === value)
      if (found) return found
      throw new GraphQLError(`A type of events is one of ${eventTypes.join(', ')}.`)
    }
  })
}
