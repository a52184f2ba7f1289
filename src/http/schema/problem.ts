import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'
import type { Logger } from 'pino'
import { type ErrorCode, PortolanError } from '../../domain/errors.ts'
import { problemJson } from '../../render/problem-json.ts'

/** A problem as a page, for a browser. */
export type ProblemPage = (request: FastifyRequest, problem: Problem, error: PortolanError) => BrowserProblem

/** What an error code means, as it is told. */
export interface ProblemType {
  readonly code: ErrorCode
  readonly title: string
  readonly status: number
  readonly cause: string
  readonly remedy: string
  /** One such problem. */
  readonly example: Problem
}

/** The same as a page, for a browser. */
export type ProblemTypePage = (request: FastifyRequest, type: ProblemType) => BrowserProblem

interface BrowserProblem {
  readonly html: string
  /** The header fields that say what a browser may do with it. */
  readonly headers: Readonly<Record<string, string>>
}

declare module 'fastify' {
  interface FastifyInstance {
    /** Absent where there are no pages. */
    problemPage?: ProblemPage
    problemTypePage?: ProblemTypePage
  }
}

/** The HTTP status of each code. No other place assigns a status to an error. */
export const statusOf: Readonly<Record<ErrorCode, number>> = {
  unknown_parameter: 400,
  invalid_parameter: 400,
  missing_parameter: 400,
  invalid_instant: 400,
  time_out_of_range: 422,
  unknown_revision: 422,
  unknown_tag: 422,
  slice_required: 422,
  unknown_slice: 422,
  budget_exceeded: 422,
  limit_exceeded: 422,
  role_unbound: 422,
  not_timed: 422,
  cursor_invalid: 400,
  cursor_mismatch: 400,
  epoch_changed: 410,
  malformed_body: 400,
  invalid_body: 422,
  body_too_large: 413,
  unsupported_media_type: 415,
  not_found: 404,
  method_not_allowed: 405,
  bad_host: 400,
  misdirected: 421,
  expectation_failed: 417,
  unauthorized: 401,
  cross_site: 403,
  insufficient_scope: 403,
  address_not_allowed: 403,
  precondition_required: 428,
  precondition_failed: 412,
  invalid_document: 422,
  invalid_source: 422,
  guard_rail: 409,
  idempotency_key_reused: 422,
  conflict: 409,
  graphql_parse_failed: 400,
  graphql_validation_failed: 400,
  invalid_variables: 400,
  unknown_operation: 400,
  unknown_document: 404,
  operation_too_large: 400,
  too_complex: 400,
  too_expensive: 400,
  not_acceptable: 406,
  egress_refused: 422,
  wrong_state: 409,
  request_timeout: 408,
  rate_limited: 429,
  behind: 503,
  busy: 503,
  deadline_exceeded: 503,
  storage_full: 507,
  store_damaged: 500,
  wrong_schema: 503,
  wrong_secret_key: 503,
  not_ready: 503,
  internal: 500
}

export type Problem = ReturnType<typeof problemOf>

/** An RFC 9457 problem with its status. `path`: that of the base of links. */
export function problemOf(error: PortolanError, requestId: string, path?: string) {
  return problemJson(error, { status: statusOf[error.code], instance: `urn:uuid:${requestId}` }, path)
}

/** Answers with a problem, with the header fields that its status asks for. */
export function sendProblem(request: FastifyRequest, reply: FastifyReply, error: PortolanError): FastifyReply {
  const problem = problemOf(error, request.id, request.client.path)
  const { problemPage } = reply.server
  if (problemPage) reply.header('vary', 'accept')
  const page = problemPage && prefersHtml(request) ? problemPage(request, problem, error) : undefined
  if (error.code === 'unauthorized') {
    const isRead = request.method === 'GET' || request.method === 'HEAD'
    // A browser would ask for the name and password of Basic, in front of the page that asks for the key.
    reply.header(
      'www-authenticate',
      isRead && !page ? 'Bearer realm="portolan", Basic realm="portolan"' : 'Bearer realm="portolan"'
    )
  }
  if (error.code === 'insufficient_scope') {
    reply.header(
      'www-authenticate',
      `Bearer realm="portolan", error="insufficient_scope", scope="${String(error.extra.scope ?? '')}"`
    )
  }
  if (error.code === 'epoch_changed') {
    const start = request.url.startsWith('/v1/events') ? '/v1/events' : '/v1/delta'
    reply.header('link', `<${request.client.path}${start}>; rel="start"`)
  }
  if (problem.status === 503 || error.code === 'conflict') reply.header('retry-after', '1')
  reply.code(problem.status).header('cache-control', 'no-store')
  if (page) return reply.headers(page.headers).type('text/html; charset=utf-8').send(page.html)
  return reply.type('application/problem+json').send(JSON.stringify(problem))
}

/** Whether a client names `text/html`, and would rather have it than JSON. `*` means a program, which gets JSON. */
export function prefersHtml({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  if (!headers.accept?.includes('text/html')) return false
  const json = ['application/problem+json', 'application/json']
  return new Negotiator({ headers: { accept: headers.accept } }).mediaType(['text/html', ...json]) === 'text/html'
}

/** An error that Fastify raises, with a code of ours. Any other error is unexpected: its text is only logged. */
function toPortolanError(error: FastifyError): PortolanError {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new PortolanError('body_too_large', 'The body is larger than this operation takes.')
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new PortolanError('unsupported_media_type', 'This operation does not take a body of that media type.')
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return new PortolanError(
        'malformed_body',
        'The body cannot be read: it does not have the announced length or form.'
      )
    case 'FST_ERR_HANDLER_TIMEOUT':
      return new PortolanError('not_ready', 'The answer took too long. Try again.')
    default:
      return error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500
        ? new PortolanError('malformed_body', 'The request cannot be read.')
        : new PortolanError(
            'internal',
            'Something unexpected happened. The log of the service has the details, under the id in `instance`.'
          )
  }
}

/** The error for a URL that the router cannot decode: nothing can be at that path. */
export function unreadableUrl({ message }: FastifyError): PortolanError {
  return new PortolanError('not_found', `There is nothing at that path: ${message}.`)
}

export function errorHandler(log: Logger) {
  return (error: FastifyError | PortolanError, request: FastifyRequest, reply: FastifyReply) => {
    const known = error instanceof PortolanError ? error : toPortolanError(error)
    // The client learns what was expected. An unexpected error, and a store that is damaged, must be found in the log.
    if (statusOf[known.code] === 500) {
      log.error({ requestId: request.id, method: request.method, url: request.url, err: error }, 'request failed')
    }
    return sendProblem(request, reply, known)
  }
}
