import type { FastifyReply, FastifyRequest, FastifySchema } from 'fastify'
import type { EventStream, Pace } from '../../catalogue/event/followers.ts'
import type { PortolanError } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { ErrorReporter } from '../operation/errors.ts'

/** An answer, and how long it is right. */
interface RepeatableAnswer {
  readonly bytes: Uint8Array
  readonly contentType: string
  readonly catalogue?: string
  readonly stamp: number
  readonly from: Instant
  readonly until: Instant
}

/** An answer that others may keep. */
interface CacheableAnswer extends RepeatableAnswer {
  readonly representation: string
  readonly headers: Readonly<Record<string, string>>
}

/** What of HTTP is the same for all of the service. */
export interface Outlet {
  /** How the OpenAPI document describes the operations. */
  readonly operations: { readonly post: FastifySchema; readonly get: FastifySchema }
  /** The RFC 9457 problem of a coded error. */
  problem(error: PortolanError, requestId: string): { readonly status: number }
  report(error: unknown, requestId: string): void
  /** Base of links. */
  base(request: FastifyRequest): string
  /**
   * The key that a header field presents.
   * @throws PortolanError `unauthorized`
   */
  identify(authorization: string | undefined): Key | undefined
  /** Whether who presents this may read. */
  mayRead(authorization: string | undefined): boolean
  /** Of connections that stay open. */
  readonly pace: Pace
  /** Begins to answer with a stream. */
  stream(request: FastifyRequest, reply: FastifyReply): EventStream
  /** Answers a POST whose very bytes were answered before and are still right, and says so. */
  repeat(request: FastifyRequest, reply: FastifyReply, body: Buffer): boolean
  /** Keeps an answer for `repeat`. */
  keep(request: FastifyRequest, body: Buffer, answer: RepeatableAnswer): void
  /** Answers a read with its tag, and 304 where the client has it. */
  send(request: FastifyRequest, reply: FastifyReply, answer: CacheableAnswer): Promise<FastifyReply>
}

export function errorReporterOf({ problem, report }: Outlet, requestId: string): ErrorReporter {
  return { problem: (error) => problem(error, requestId), report: (error) => report(error, requestId) }
}
