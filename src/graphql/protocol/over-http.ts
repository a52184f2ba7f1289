import type {} from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, PortolanError } from '../../domain/errors.ts'
import { asGraphQLError, type ErrorReporter, tellError } from '../operation/errors.ts'
import { type Executed, type ExecutionContext, execute } from '../operation/execute.ts'
import { type MediaType, mediaTypeFor } from '../operation/media-type.ts'
import { type GraphQLRequest, readBody, readParameters } from '../operation/request.ts'
import { errorReporterOf, type Outlet } from './outlet.ts'
import { streamRoutes } from './over-sse.ts'
import { socketHandler } from './over-websocket.ts'

/** Of a request; documents are published with it too. */
const bodyLimit = 4 * 1_048_576

/** `POST /graphql` for everything, `GET /graphql` for trusted documents. GraphQL over HTTP. */
export function graphqlRoutes(app: FastifyInstance, executing: ExecutionContext, outlet: Outlet): void {
  // Schemas are for the document of the interface: a fault in a request is told as GraphQL tells it.
  app.setValidatorCompiler(() => () => true)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body)
  )

  app.post(
    '/graphql',
    { bodyLimit, config: { access: 'read' }, schema: outlet.operations.post },
    async (request: FastifyRequest<{ Body: unknown }>, reply) => {
      const mediaType = negotiated(request)
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.of()
      if (outlet.repeat(request, reply, body)) return reply
      const teller = errorReporterOf(outlet, request.id)
      let asked: GraphQLRequest
      try {
        asked = readBody(body)
      } catch (error) {
        return writeRefusal(reply, mediaType, error, teller)
      }
      const caller = { key: request.key, base: outlet.base(request) }
      const executed = await execute(executing, asked, caller, reply, teller)
      const bytes = bytesOf(executed)
      const lasting = lastingOf(executed)
      if (lasting) outlet.keep(request, body, { ...lasting, bytes, contentType: contentType(mediaType) })
      return write(reply, mediaType, statusOf(executed, mediaType, outlet), bytes)
    }
  )

  const get = async (request: FastifyRequest, reply: FastifyReply) => {
    const mediaType = negotiated(request)
    const teller = errorReporterOf(outlet, request.id)
    let asked: GraphQLRequest
    try {
      // Only parsed: no schema says what it holds.
      asked = readParameters(request.query as Record<string, unknown>)
    } catch (error) {
      return writeRefusal(reply, mediaType, error, teller)
    }
    const caller = { key: request.key, base: outlet.base(request) }
    const executed = await execute(executing, asked, caller, reply, teller)
    const bytes = bytesOf(executed)
    const lasting = lastingOf(executed)
    if (executed.refusal instanceof PortolanError && executed.refusal.code === 'method_not_allowed')
      reply.header('allow', 'POST')
    if (!lasting) return write(reply, mediaType, statusOf(executed, mediaType, outlet), bytes)
    return outlet.send(request, reply, {
      ...lasting,
      bytes,
      contentType: contentType(mediaType),
      representation: mediaType === 'application/json' ? 'json' : 'graphql',
      headers: { 'portolan-epoch': executing.sources.catalogues.store.epoch }
    })
  }
  const wsHandler = socketHandler(executing, outlet)
  app.route({
    method: 'GET',
    url: '/graphql',
    config: { access: 'read', isKeyInFirstMessage: true },
    schema: outlet.operations.get,
    handler: get,
    wsHandler
  })
  streamRoutes(app, executing, outlet)
}

/** @throws PortolanError `not_acceptable` */
function negotiated({ headers }: FastifyRequest): MediaType {
  const found = mediaTypeFor(headers.accept)
  if (found) return found
  throw new PortolanError(
    'not_acceptable',
    `Accept: ${headers.accept} takes neither application/json nor application/graphql-response+json.`
  )
}

function bytesOf({ result }: Executed): Buffer {
  return Buffer.from(JSON.stringify(result))
}

/** What the answer depends on and until when it is right, if it may be kept at all. */
function lastingOf({ result, dependencies }: Executed) {
  if (result.errors || !dependencies || dependencies.isFresh) return undefined
  const { catalogue, stamp, instant: from, until } = dependencies
  return { stamp, from, until, ...(catalogue !== undefined && { catalogue }) }
}

/**
 * As application/json the errors of a document or its variables answer 200, for clients from before GraphQL over HTTP; refusals by limits
 * and the like have their status in both.
 */
function statusOf({ refusal }: Executed, mediaType: MediaType, outlet: Outlet): number {
  if (refusal === undefined) return 200
  const isOfDocument = refusal === 'invalid' || documentFaults.includes(refusal.code)
  if (isOfDocument) return mediaType === 'application/json' ? 200 : 400
  return outlet.problem(refusal, '').status
}

const documentFaults: readonly ErrorCode[] = [
  'graphql_parse_failed',
  'graphql_validation_failed',
  'invalid_variables',
  'unknown_operation',
  'invalid_instant',
  'invalid_parameter'
]

function writeRefusal(reply: FastifyReply, mediaType: MediaType, error: unknown, teller: ErrorReporter): FastifyReply {
  const told = tellError(asGraphQLError(error), 'reading', teller)
  return write(reply, mediaType, 400, Buffer.from(JSON.stringify({ errors: [told] })))
}

function contentType(mediaType: MediaType): string {
  return `${mediaType}; charset=utf-8`
}

function write(reply: FastifyReply, mediaType: MediaType, status: number, bytes: Uint8Array): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('vary', 'accept')
    .type(contentType(mediaType))
    .send(bytes)
}
