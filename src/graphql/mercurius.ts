import type { FastifyInstance } from 'fastify'
import mercurius, { type MercuriusOptions } from 'mercurius'
import { executableSchema } from './schema.ts'

/** How often an operation is executed before it is compiled. */
const jit = 3

/**
 * Options of graphql-jit. Resolvers give text, numbers and enum values as they are answered, so a compiled operation does not serialise them
 * once more. Nobody sees the stack of a GraphQL error, since `operation/errors.ts` answers what caused it, so none is captured.
 */
const compilerOptions = { disableLeafSerialization: true, disablingCapturingStackErrors: true }

/**
 * Registers Mercurius, which executes operations by `reply.graphql`. Its routes are off, since they do not answer as GraphQL over HTTP says;
 * `protocol/over-http.ts` does. Errors pass through it unchanged.
 */
export async function graphqlEngine(app: FastifyInstance) {
  const schema = executableSchema()
  // Mercurius hands `compilerOptions` on, and its types do not know them.
  const options: MercuriusOptions & { readonly compilerOptions: object } = {
    schema,
    routes: false,
    jit,
    compilerOptions,
    cache: 1000,
    errorFormatter: ({ data, errors }) => ({ statusCode: 200, response: { data: data ?? null, errors } })
  }
  await app.register(mercurius, options)
  return schema
}
