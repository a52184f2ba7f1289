import type { FastifyInstance } from 'fastify'
import mercurius from 'mercurius'
import { executableSchema } from './schema.ts'

/** How often an operation is executed before it is compiled. */
const jit = 3

/**
 * Mercurius executes: `reply.graphql`. Its routes are off, for they answer otherwise than GraphQL over HTTP says; see `endpoint.ts`. Errors
 * pass as they are, and are told in `errors.ts`.
 */
export async function graphqlEngine(app: FastifyInstance) {
  const schema = executableSchema()
  await app.register(mercurius, {
    schema,
    routes: false,
    jit,
    cache: 1000,
    errorFormatter: ({ data, errors }) => ({ statusCode: 200, response: { data: data ?? null, errors } })
  })
  return schema
}
