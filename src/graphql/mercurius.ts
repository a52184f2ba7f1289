import type { FastifyInstance } from 'fastify'
import mercurius, { type MercuriusOptions } from 'mercurius'
import { executableSchema } from './schema.ts'

/**
 * Registers Mercurius, which executes operations by `reply.graphql`. Its routes are off, since they do not answer as GraphQL over HTTP says;
 * `protocol/over-http.ts` does. Its cache is off, since it is bounded by a number of documents and not by what they take; `Operations` keeps
 * documents, and `CompiledOperations` compiles those that come again. Errors pass through it unchanged.
 */
export async function graphqlEngine(app: FastifyInstance) {
  const schema = executableSchema()
  const options: MercuriusOptions = {
    schema,
    routes: false,
    cache: false,
    errorFormatter: ({ data, errors }) => ({ statusCode: 200, response: { data: data ?? null, errors } })
  }
  await app.register(mercurius, options)
  return schema
}
