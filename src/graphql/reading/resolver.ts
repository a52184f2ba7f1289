import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from './context.ts'

/**
 * Answers one field. Which source and arguments go with a field stands in the SDL: each resolver names its own, and GraphQL sees to it that
 * it gets them.
 */
export type Resolver = (source: never, args: never, context: Context, info: GraphQLResolveInfo) => unknown

/** The fields of types that are not plain members of their source. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>
