import type { Logger } from 'pino'
import type { Pace } from './catalogue/event/followers.ts'
import type { Outlet } from './graphql/protocol/outlet.ts'
import type { HotPosts } from './http/answer/hot-posts.ts'
import { openStream } from './http/answer/open-stream.ts'
import { sendAnswer } from './http/answer/send-answer.ts'
import { baseOf, type RouteContext } from './http/answer/send-point.ts'
import type { Capture } from './http/forward/capture.ts'
import type { Forwarder } from './http/forward/forwarder.ts'
import type { Meter } from './http/limit/meter.ts'
import { payerOf } from './http/limit/payer.ts'
import { pathOfBase } from './http/request/client.ts'
import type { RequestGate } from './http/request/gate.ts'
import { graphqlOperations } from './http/schema/graphql-schema.ts'
import { problemOf } from './http/schema/problem.ts'

export interface GraphQLOutletOptions {
  readonly context: RouteContext
  readonly gate: RequestGate
  readonly meter: Meter
  readonly hotPosts: HotPosts
  /** In a thread: takes the answer to a POST that may be served again. */
  readonly capture?: Capture
  /** Absent: everything is answered on the loop. */
  readonly forwarder?: Forwarder | undefined
  readonly pace: Pace
  readonly log: Logger
}

/** The parts of `http/` that `graphql/` uses, so that neither layer imports the other. */
export function graphqlOutlet({
  context,
  gate,
  meter,
  hotPosts,
  capture,
  forwarder,
  pace,
  log
}: GraphQLOutletOptions): Outlet {
  return {
    operations: graphqlOperations,
    problem: (error, requestId) => problemOf(error, requestId, pathOfBase(context.publicUrl)),
    report: (err, requestId) => log.error({ requestId, err }, 'a field could not be answered'),
    base: (request) => baseOf(context, request),
    learn: (authorization) => gate.learn(authorization),
    identify: ({ client }, authorization) => gate.admit('anyone', authorization, client.address),
    writeRefusal: (request, authorization) => gate.writeRefusal(request, authorization),
    mayRead: ({ client }, authorization) => gate.mayRead(authorization, client.address),
    onKeyEnd: (key, end) => gate.onKeyEnd(key, end),
    charge: (request, key, reply) => (capture ? (units) => capture.charge(units) : meter.chargeOf(request, key, reply)),
    settle: (request, key) => (units) =>
      capture ? capture.charge(units) : meter.settleOperation(request, key, 0, units),
    ...(forwarder && { threads: forwarder }),
    pace,
    stream(request, reply) {
      context.shares.hold(payerOf(request), reply.raw)
      return openStream(request, reply, pace)
    },
    holdAs: (request, key) => request.share?.pass(payerOf(request, key)),
    repeat(request, reply, body) {
      const isWritten = request.key?.catalogues === undefined && hotPosts.serve(request.raw, reply.raw, body)
      if (isWritten) reply.hijack()
      return isWritten
    },
    keep(request, body, answer) {
      // It is found by the request alone, and not for a key that is narrowed to catalogues.
      if (request.key?.catalogues !== undefined) return
      if (capture) capture.keepPost(answer)
      else hotPosts.remember(request.raw, body, answer)
    },
    send: (request, reply, { bytes, ...answer }) =>
      sendAnswer(context, request, reply, { ...answer, isImmutable: false, render: async () => bytes })
  }
}
