import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { EventStream, Pace } from '../../catalogue/event/followers.ts'
import type { PortolanError } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ErrorReporter } from '../operation/errors.ts'
import type { Sizes } from '../operation/loop-share.ts'
import type { Caller } from '../reading/context.ts'

/** The bytes of an answer, with the conditions under which they are right. */
interface RepeatableAnswer {
  readonly bytes: Uint8Array
  readonly contentType: string
  /** The only catalogue that the answer depends on. Absent: there are several, or none. */
  readonly catalogue?: string
  /** What had been committed when the answer was read. */
  readonly stamp: number
  /** The answer is right in `[from, until)`. */
  readonly from: Instant
  readonly until: Instant
}

/** An answer with an entity tag, which clients and caches may keep. */
interface CacheableAnswer extends RepeatableAnswer {
  /** Tells answers with different media types from each other. */
  readonly representation: string
  readonly headers: Readonly<Record<string, string>>
}

/** An operation that is answered in a thread. */
interface ForwardedOperation {
  /** It may write a revision, which may take longer than a read. */
  readonly mayPublish: boolean
  /** The units that were taken for it already. */
  readonly paid: number
}

/** The threads that answer what would keep the loop for too long. */
export interface OperationThreads extends Sizes {
  /**
   * Answers a request in a thread.
   * @throws PortolanError `busy`, `deadline_exceeded`, `rate_limited`
   */
  forward(
    request: FastifyRequest,
    reply: FastifyReply,
    body: Buffer | undefined,
    operation: ForwardedOperation
  ): Promise<void>
  /**
   * What `POST /graphql` would answer, for an operation that came in another way; `request` opened the connection.
   * @throws PortolanError `busy`, `deadline_exceeded`
   */
  ask(
    request: FastifyRequest,
    operation: ForwardedOperation & {
      readonly body: Uint8Array
      readonly key: Key | undefined
      readonly writeRefusal: PortolanError | undefined
      readonly signal: AbortSignal
    }
  ): Promise<{ readonly status: number; readonly body: Uint8Array }>
}

/** What GraphQL needs of HTTP. The whole service answers by the same functions. */
export interface Outlet {
  /** How the OpenAPI document describes the operations. */
  readonly operations: { readonly post: FastifySchema; readonly get: FastifySchema }
  /** Makes the RFC 9457 problem of a coded error. */
  problem(error: PortolanError, requestId: string): { readonly status: number }
  /** Writes an unexpected error to the log. */
  report(error: unknown, requestId: string): void
  /** The base of the links in an answer. */
  base(request: FastifyRequest): string
  /** Asks the store for the key that a header field presents, where this process does not know it. Undefined: there is nothing to ask. */
  learn(authorization: string | undefined): Promise<void> | undefined
  /**
   * The key that the client of a request presents by a header field.
   * @throws PortolanError `unauthorized`, `address_not_allowed`
   */
  identify(request: FastifyRequest, authorization: string | undefined): Key | undefined
  /** Why a request may not write, whoever sent it. `authorization` is what presents its key, by default its header field. */
  writeRefusal(request: FastifyRequest, authorization?: string): PortolanError | undefined
  /** Whether the client of a request may read, if it presents this header field. */
  mayRead(request: FastifyRequest, authorization: string | undefined): boolean
  /** Calls `end` when the key is revoked or expires. The answer stops that. */
  onKeyEnd(key: Key | undefined, end: () => void): () => void
  /**
   * What takes the units of a client for its operations: those of the key, or of the address that the request came from. `reply` is absent
   * where an operation has no header fields of its own.
   */
  charge(request: FastifyRequest, key: Key | undefined, reply?: FastifyReply): Caller['charge']
  /** What takes units of the same client for what is done. */
  settle(request: FastifyRequest, key: Key | undefined): Caller['settle']
  /** Absent: everything is answered on the loop, or this is a thread. */
  readonly threads?: OperationThreads
  /** How connections that stay open are kept alive. */
  readonly pace: Pace
  /** The connection of a WebSocket counts among those of a key from now on, where the key has room for it. */
  holdAs(request: FastifyRequest, key: Key | undefined): void
  /**
   * Begins to answer with a stream.
   * @throws PortolanError `busy` where the client has too many
   */
  stream(request: FastifyRequest, reply: FastifyReply): EventStream
  /** Answers a POST whose bytes were answered before, if that answer is still right. Returns whether it did. */
  repeat(request: FastifyRequest, reply: FastifyReply, body: Buffer): boolean
  /** Keeps an answer for `repeat`. */
  keep(request: FastifyRequest, body: Buffer, answer: RepeatableAnswer): void
  /** Answers a read with its entity tag, or with 304 where the client has it. */
  send(request: FastifyRequest, reply: FastifyReply, answer: CacheableAnswer): Promise<FastifyReply>
}

/** What turns the errors of one request into answers. */
export function errorReporterOf({ problem, report }: Outlet, requestId: string): ErrorReporter {
  return { problem: (error) => problem(error, requestId), report: (error) => report(error, requestId) }
}
