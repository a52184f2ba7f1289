import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { CloseCode, makeServer } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Pace } from '../../catalogue/event/followers.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { ErrorReporter } from '../operation/errors.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { requestOf } from '../operation/request.ts'
import type { Outlet } from './outlet.ts'
import { refusalErrors, type StreamedOperation, streamedResponse, streamOperation } from './stream-operation.ts'

/** Most operations at once over one connection. */
const mostOperations = 100
/** RFC 6455 has no code for a client that does not read. The registry of codes says of this one: try again later. */
const tooSlow = 1013
/** How long a client has to answer the close, in milliseconds. */
const goodbyeMs = 1000

interface Extra {
  readonly request: FastifyRequest
  /** The header field that presents the key. It is looked up anew each time, so a revoked key opens nothing. */
  authorization?: string | undefined
  readonly socket: WebSocket
  /** Stops waiting for the end of the key. */
  unwatch?: () => void
}

interface Parameters extends Record<string, unknown> {
  readonly authorization?: unknown
  readonly Authorization?: unknown
}

/** Answers operations over `graphql-transport-ws`. graphql-ws speaks the protocol; here is decided who may ask, and slow clients are closed. */
export function socketHandler(execution: ExecutionContext, outlet: Outlet) {
  const streams = new WeakMap<object, StreamedOperation>()
  const reporter: ErrorReporter = {
    problem: (error) => outlet.problem(error, randomUUID()),
    report: (error) => outlet.report(error, 'websocket')
  }
  const server = makeServer<Parameters, Extra>({
    schema: execution.schema,
    async onConnect({ connectionParams, extra }) {
      const named = connectionParams?.authorization ?? connectionParams?.Authorization
      if (typeof named === 'string') extra.authorization = named
      await outlet.learn(extra.authorization)
      if (!outlet.mayRead(extra.request, extra.authorization)) return false
      const { socket } = extra
      if (socket.readyState !== socket.OPEN) return false
      const key = outlet.identify(extra.request, extra.authorization)
      outlet.holdAs(extra.request, key)
      extra.unwatch = outlet.onKeyEnd(key, () => sayGoodbye(socket, CloseCode.Forbidden, 'Forbidden'))
      return true
    },
    onSubscribe({ extra, subscriptions }, _id, payload) {
      try {
        if (Object.keys(subscriptions).length > mostOperations)
          throw new PortolanError(
            'operation_too_large',
            `A connection takes at most ${mostOperations} operations at once.`
          )
        const key = outlet.identify(extra.request, extra.authorization)
        const charge = outlet.charge(extra.request, key)
        charge(1)
        const writeRefusal = outlet.writeRefusal(extra.request, extra.authorization)
        const caller = { key, writeRefusal, base: outlet.base(extra.request), charge }
        const streamed = streamOperation(execution, requestOf({ ...payload }), caller, false)
        const { prepared: _, ...args } = streamed
        streams.set(args, streamed)
        return args
      } catch (error) {
        return refusalErrors(error, reporter)
      }
    },
    onNext(_context, _id, _payload, args, result) {
      const streamed = streams.get(args)
      return streamed && streamedResponse(streamed.prepared, result, reporter)
    },
    onError: (_context, _id, _payload, errors) => errors.map((error) => error.toJSON())
  })

  return (socket: WebSocket, request: FastifyRequest): void => {
    const extra: Extra = { request, socket, authorization: request.headers.authorization }
    const beat = heartbeat(socket, outlet.pace)
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text, outlet.pace),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) =>
          socket.on('message', (data) => {
            Promise.resolve(take(String(data))).catch((error: unknown) => {
              outlet.report(error, 'websocket')
              socket.close(CloseCode.InternalServerError, 'Internal error')
            })
          })
      },
      extra
    )
    socket.once('error', () => socket.terminate())
    socket.once('close', (code, reason) => {
      clearInterval(beat)
      extra.unwatch?.()
      void closed(code, String(reason))
    })
  }
}

/** Closes a connection, also where the client does not read. */
function sayGoodbye(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason)
  setTimeout(() => socket.terminate(), goodbyeMs).unref()
}

/** Closes a client that does not answer. */
function heartbeat(socket: WebSocket, { heartbeatMs }: Pace): NodeJS.Timeout {
  let isAnswering = true
  socket.on('pong', () => {
    isAnswering = true
  })
  return setInterval(() => {
    if (!isAnswering) return socket.terminate()
    isAnswering = false
    socket.ping()
  }, heartbeatMs)
}

/** Resolves when the socket has taken the message. Never more than one message waits for each operation. */
function send(socket: WebSocket, text: string, { patienceMs }: Pace): Promise<void> {
  return new Promise((resolve, reject) => {
    if (socket.readyState !== socket.OPEN) return resolve()
    const impatient = setTimeout(() => sayGoodbye(socket, tooSlow, 'Too slow'), patienceMs)
    socket.send(text, (error) => {
      clearTimeout(impatient)
      if (error) reject(new GraphQLError(error.message))
      else resolve()
    })
  })
}
