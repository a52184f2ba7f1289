import type { GraphQLResolveInfo } from 'graphql'
import type { Context } from './context.ts'

/** Answers one field. GraphQL itself sees to it that arguments are as the schema says. */
// biome-ignore lint/suspicious/noExplicitAny: which source and arguments go with which field stands in the SDL, not in a type
export type Resolver<Source = any, Args = any> = (
  source: Source,
  args: Args,
  context: Context,
  info: GraphQLResolveInfo
) => unknown

/** The fields of types that are not plain members of their source. */
export type Resolvers = Readonly<Record<string, Readonly<Record<string, Resolver>>>>
