import type {} from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type ErrorCode, PortolanError } from '../../domain/errors.ts'
import { hasScope } from '../../domain/key.ts'
import { type ExecutionOutcome, execute } from '../operation/execute.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { mostLoopBytes } from '../operation/loop-share.ts'
import { type MediaType, mediaTypeFor, takesStream } from '../operation/media-type.ts'
import { type GraphQLRequest, readBody, readParameters } from '../operation/request.ts'
import { errorReporterOf, type Outlet } from './outlet.ts'
import { streamHandler, streamRoutes } from './over-sse.ts'
import { socketHandler } from './over-websocket.ts'

/** Most bytes of a request. Documents of catalogues are published with it too. */
const bodyLimit = 4 * 1_048_576

/** `POST /graphql` for everything, `GET /graphql` for trusted documents. GraphQL over HTTP. */
export function graphqlRoutes(app: FastifyInstance, execution: ExecutionContext, outlet: Outlet): void {
  // The schemas of the routes are for the OpenAPI document only: a faulty request is answered as GraphQL answers it.
  app.setValidatorCompiler(() => () => true)
  app.removeAllContentTypeParsers()
  app.addContentTypeParser('application/json', { parseAs: 'buffer', bodyLimit }, (_request, body, done) =>
    done(null, body)
  )

  const stream = streamHandler(execution, outlet)
  /** Undefined: it was answered in a thread. */
  const outcomeOf = async (
    request: FastifyRequest,
    reply: FastifyReply,
    read: () => GraphQLRequest,
    body?: Buffer
  ): Promise<ExecutionOutcome | undefined> => {
    const { threads } = outlet
    const take = outlet.charge(request, request.key, reply)
    let paid = 0
    const charge = (units: number) => {
      take(units)
      paid += units
    }
    const writeRefusal = outlet.writeRefusal(request)
    const caller = {
      key: request.key,
      writeRefusal,
      base: outlet.base(request),
      charge,
      settle: outlet.settle(request, request.key)
    }
    const paidRead = () => {
      // Reading a document costs something, too, also one that is refused.
      charge(1)
      return read()
    }
    if (!threads || !body || body.byteLength <= mostLoopBytes) {
      const outcome = await execute(execution, paidRead, caller, reply, errorReporterOf(outlet, request.id), threads)
      if (outcome || !threads) return outcome
    }
    const mayPublish = request.key !== undefined && hasScope(request.key, 'catalogue:publish') && isMutation(body)
    await threads.forward(request, reply, body, { mayPublish, paid })
    return undefined
  }

  app.post(
    '/graphql',
    { bodyLimit, config: { access: 'read', pays: 'later' }, schema: outlet.operations.post },
    async (request: FastifyRequest<{ Body: unknown }>, reply) => {
      const { accept } = request.headers
      if (accept !== undefined && mediaTypeFor(accept) === undefined && takesStream(accept))
        return stream(request, reply)
      const mediaType = negotiated(request)
      const body = Buffer.isBuffer(request.body) ? request.body : Buffer.of()
      if (outlet.repeat(request, reply, body)) return reply
      const outcome = await outcomeOf(request, reply, () => readBody(body), body)
      if (!outcome) return reply
      const bytes = bytesOf(outcome)
      const validity = validityOf(outcome)
      if (validity) outlet.keep(request, body, { ...validity, bytes, contentType: contentType(mediaType) })
      return write(reply, mediaType, statusOf(outcome, mediaType, outlet), bytes)
    }
  )

  const get = async (request: FastifyRequest, reply: FastifyReply) => {
    const mediaType = negotiated(request)
    // No schema says what the query holds: it is only parsed.
    const outcome = await outcomeOf(request, reply, () => readParameters(request.query as Record<string, unknown>))
    if (!outcome) return reply
    const bytes = bytesOf(outcome)
    const validity = validityOf(outcome)
    if (outcome.refusal?.code === 'method_not_allowed') reply.header('allow', 'POST')
    if (!validity) return write(reply, mediaType, statusOf(outcome, mediaType, outlet), bytes)
    return outlet.send(request, reply, {
      ...validity,
      bytes,
      contentType: contentType(mediaType),
      representation: mediaType === 'application/json' ? 'json' : 'graphql',
      headers: { 'portolan-epoch': execution.sources.catalogues.store.epoch }
    })
  }
  app.route({
    method: 'GET',
    url: '/graphql',
    config: { access: 'read', isKeyInFirstMessage: true, pays: 'later' },
    schema: outlet.operations.get,
    handler: get,
    wsHandler: socketHandler(execution, outlet)
  })
  streamRoutes(app, execution, outlet)
}

/**
 * The media type of the answer to a request.
 * @throws PortolanError `not_acceptable`
 */
function negotiated({ headers }: FastifyRequest): MediaType {
  const found = mediaTypeFor(headers.accept)
  if (found) return found
  throw new PortolanError(
    'not_acceptable',
    `Accept: ${headers.accept} takes neither application/json nor application/graphql-response+json.`
  )
}

/** Whether a request that is not read here may be a mutation. */
function isMutation(body: Buffer | undefined): boolean {
  return body?.includes('mutation') ?? false
}

function bytesOf({ response }: ExecutionOutcome): Buffer {
  return Buffer.from(JSON.stringify(response))
}

/** What the response depends on and until when it is right, where it may be kept at all. */
function validityOf({ response, dependencies }: ExecutionOutcome) {
  if (response.errors || !dependencies || !dependencies.mayBeKept) return undefined
  const { catalogue, stamp, instant, validUntil } = dependencies
  return { stamp, from: instant, until: validUntil, ...(catalogue !== undefined && { catalogue }) }
}

/**
 * As application/json the errors of a document or its variables answer 200, for clients from before GraphQL over HTTP. A refusal for any
 * other reason, such as a limit, has its own status in both media types.
 */
function statusOf({ refusal }: ExecutionOutcome, mediaType: MediaType, outlet: Outlet): number {
  if (refusal === undefined) return 200
  if (documentFaults.includes(refusal.code)) return mediaType === 'application/json' ? 200 : 400
  return outlet.problem(refusal, '').status
}

/** The codes of faults in a document or its variables. */
const documentFaults: readonly ErrorCode[] = [
  'graphql_parse_failed',
  'graphql_validation_failed',
  'invalid_variables',
  'unknown_operation',
  'invalid_instant',
  'invalid_parameter'
]

function contentType(mediaType: MediaType): string {
  return `${mediaType}; charset=utf-8`
}

function write(reply: FastifyReply, mediaType: MediaType, status: number, bytes: Uint8Array): FastifyReply {
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="portolan"')
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .header('vary', 'accept')
    .type(contentType(mediaType))
    .send(bytes)
}
