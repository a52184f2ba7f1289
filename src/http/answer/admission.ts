import type { FastifyReply, FastifyRequest, onRequestHookHandler } from 'fastify'
import type { KnownHeads } from '../../catalogue/heads.ts'
import type { Meter } from '../limit/meter.ts'
import { payerOf } from '../limit/payer.ts'
import type { Shares } from '../limit/shares.ts'
import type { Cors } from '../request/cors.ts'
import { needsStore, type RequestGate } from '../request/gate.ts'
import { waitForSeq } from '../request/min-seq.ts'
import { watchQueuedAnswer } from '../request/queued-answer.ts'
import type { Announce } from './announcement.ts'
import type { HotAnswers } from './hot-answers.ts'

export interface AdmissionOptions {
  readonly gate: RequestGate
  readonly announce: Announce | undefined
  readonly cors: Cors | undefined
  readonly hotAnswers: HotAnswers
  readonly meter: Meter
  readonly shares: Shares
  readonly heads: KnownHeads
}

/**
 * What every request that the server in front did not answer passes first: the gate, then a kept answer, which is free, then its charge, and
 * the share of a WebSocket, before its handshake.
 */
export function admissionHook(options: AdmissionOptions): onRequestHookHandler {
  const { gate, announce, cors, hotAnswers, meter, shares, heads } = options
  function admit(request: FastifyRequest, reply: FastifyReply, done: (error?: Error) => void): void {
    try {
      const preflight = cors?.preflight(request.raw)
      if (preflight) {
        gate.requireHost(request)
        reply.code(204).headers(preflight).send()
        return
      }
      try {
        request.key = gate.enter(request)
      } catch (refusal) {
        // A refusal costs a unit, so that nobody tries out keys for nothing.
        meter.charge(request, reply, 1)
        throw refusal
      }
      // The server gives no hot answers to clients with a key, so this does. After that the reply is hijacked, and no hook follows. What
      // everybody gets is not for a key that is narrowed to catalogues.
      if (!request.ws && request.key?.catalogues === undefined && hotAnswers.serve(request.raw, reply.raw)) {
        reply.hijack()
        return
      }
      meter.chargeRequest(request, reply)
      if (request.ws && request.routeOptions.config.isKeyInFirstMessage)
        request.share = shares.hold(payerOf(request), request.raw.socket)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
      return
    }
    const minSeq = request.headers['portolan-min-seq']
    if (minSeq === undefined || !needsStore(request)) done()
    else waitForSeq(heads, String(minSeq)).then(() => done(), done)
  }
  return (request, reply, done) => {
    watchQueuedAnswer(request, reply)
    request.client = gate.clientOf(request)
    announce?.(request.raw, reply.raw)
    // An address without units makes nobody ask the store. A hot read with a key that is known waits for no promise.
    const authorization = gate.presentedBy(request)
    const learnt = authorization !== undefined && meter.canPay(request) ? gate.learn(authorization) : undefined
    if (learnt === undefined) admit(request, reply, done)
    else learnt.then(() => admit(request, reply, done), done)
  }
}
