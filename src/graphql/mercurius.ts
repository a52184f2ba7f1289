import type { FastifyInstance } from 'fastify'
import mercurius, { type MercuriusOptions } from 'mercurius'
import { executableSchema } from './schema.ts'

/** How often an operation is executed before it is compiled. */
const jit = 3

/**
 * Of graphql-jit. Resolvers give text, numbers and enum values as they are written, so the compiled operation takes them as they are; what
 * `scalars.ts` writes is written all the same. Nobody sees the stack of a GraphQL error: what caused it is told in `errors.ts`.
 */
const compilerOptions = { disableLeafSerialization: true, disablingCapturingStackErrors: true }

/**
 * Mercurius executes: `reply.graphql`. Its routes are off, for they answer otherwise than GraphQL over HTTP says; see `endpoint.ts`. Errors
 * pass as they are, and are told in `errors.ts`.
 */
export async function graphqlEngine(app: FastifyInstance) {
  const schema = executableSchema()
  // Mercurius hands them on, its types do not know them.
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
