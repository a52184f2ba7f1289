import { randomUUID } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { type ExecutionArgs, type ExecutionResult, GraphQLError, type GraphQLSchema, parse } from 'graphql'
import { CloseCode, makeServer } from 'graphql-ws'
import type { WebSocket } from 'ws'
import type { Pace } from '../../catalogue/event/followers.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { ErrorReporter } from '../operation/errors.ts'
import { formatResult } from '../operation/execute.ts'
import type { ExecutionContext } from '../operation/execution-context.ts'
import { requestOf } from '../operation/request.ts'
import { beginOperation } from './begin-operation.ts'
import { type EndTurn, LoopTurns, OperationQueue } from './operation-queue.ts'
import type { Outlet } from './outlet.ts'
import { refusalErrors } from './stream-operation.ts'

/** Most operations at once over one connection. */
const mostOperations = 100
/** RFC 6455 has no code for a client that does not read. The registry of codes says of this one: try again later. */
const tooSlow = 1013
/** Where more operations wait than may. Clients of graphql-ws do not try again then. */
const tooMany = CloseCode.TooManyInitialisationRequests
/** How long a client has to answer the close, in milliseconds. */
const goodbyeMs = 1000

interface Extra {
  readonly request: FastifyRequest
  /** The header field that presents the key. It is looked up anew each time, so a revoked key opens nothing. */
  authorization?: string | undefined
  readonly socket: WebSocket
  /** Stops waiting for the end of the key. */
  unwatch?: () => void
  /** Aborted when the client has gone. */
  readonly gone: AbortController
  readonly queue: OperationQueue
  /** The message that is being taken. */
  message: Message
  /** The answer that is about to be sent, and what stands for it in the message. */
  answer?: { readonly json: string; readonly placeholder: string }
}

interface Message {
  readonly bytes: number
  endTurn?: EndTurn
}

interface Parameters extends Record<string, unknown> {
  readonly authorization?: unknown
  readonly Authorization?: unknown
}

/** Answers operations over `graphql-transport-ws`. graphql-ws speaks the protocol; here is decided who may ask, and slow clients are closed. */
export function socketHandler(execution: ExecutionContext, outlet: Outlet) {
  /** Subscriptions, with what ends their turns. */
  const turnsOf = new WeakMap<object, EndTurn>()
  const turns = new LoopTurns()
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
    async onSubscribe({ extra, subscriptions }, id, payload) {
      const { message, queue, socket } = extra
      const turn = queue.enter(message.bytes)
      if (!turn) {
        sayGoodbye(socket, tooMany, 'Too many operations wait')
        return [new GraphQLError('Too many operations wait.')]
      }
      message.endTurn = await turn
      await turns.next()
      if (!(id in subscriptions) || socket.readyState !== socket.OPEN)
        return [new GraphQLError('The client waits no longer.')]
      try {
        if (open(subscriptions) >= mostOperations)
          throw new PortolanError(
            'operation_too_large',
            `A connection takes at most ${mostOperations} operations at once.`
          )
        const key = outlet.identify(extra.request, extra.authorization)
        const charge = outlet.charge(extra.request, key)
        charge(1)
        const begun = await beginOperation(
          execution,
          outlet,
          {
            asked: requestOf({ ...payload }),
            request: extra.request,
            caller: {
              key,
              writeRefusal: outlet.writeRefusal(extra.request, extra.authorization),
              base: outlet.base(extra.request),
              charge,
              settle: outlet.settle(extra.request, key)
            },
            takesOnlyTrusted: false,
            signal: extra.gone.signal
          },
          reporter
        )
        if (begun.kind === 'answer') return answerArgs(extra, execution.schema, await begun.answer())
        const { prepared: _, ...args } = begun.streamed
        turnsOf.set(args, message.endTurn)
        return args
      } catch (error) {
        return refusalErrors(error, reporter)
      }
    },
    // What has one answer has it already: see `answerArgs`.
    execute: ({ rootValue }) => rootValue as ExecutionResult,
    // A subscription goes on beside what follows it.
    onOperation: (_context, _id, _payload, args) => turnsOf.get(args)?.(),
    onNext: (_context, _id, _payload, args, result) => (turnsOf.has(args) ? formatResult(result, reporter) : undefined),
    onError: (_context, _id, _payload, errors) => errors.map((error) => error.toJSON())
  })

  return (socket: WebSocket, request: FastifyRequest): void => {
    const extra: Extra = {
      request,
      socket,
      authorization: request.headers.authorization,
      gone: new AbortController(),
      queue: new OperationQueue(),
      message: { bytes: 0 }
    }
    const beat = heartbeat(socket, outlet.pace)
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, withAnswer(extra, text), outlet.pace),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (take) =>
          socket.on('message', (data) => {
            const text = String(data)
            // graphql-ws calls `onSubscribe` before it returns.
            const message: Message = { bytes: text.length }
            extra.message = message
            Promise.resolve(take(text))
              .catch((error: unknown) => {
                outlet.report(error, 'websocket')
                socket.close(CloseCode.InternalServerError, 'Internal error')
              })
              .finally(() => message.endTurn?.())
          })
      },
      extra
    )
    socket.once('error', () => socket.terminate())
    socket.once('close', (code, reason) => {
      clearInterval(beat)
      extra.gone.abort()
      extra.unwatch?.()
      void closed(code, String(reason))
    })
  }
}

const nothing = parse('{ __typename }')

/** What makes graphql-ws send an answer that is there already, as JSON. A large one is not parsed for that: something stands for it. */
function answerArgs(extra: Extra, schema: GraphQLSchema, json: string): ExecutionArgs {
  const data = randomUUID()
  extra.answer = { json, placeholder: JSON.stringify({ data }) }
  return { schema, document: nothing, rootValue: { data } }
}

function withAnswer(extra: Extra, text: string): string {
  const { answer } = extra
  if (!answer || !text.includes(answer.placeholder)) return text
  delete extra.answer
  return text.replace(answer.placeholder, () => answer.json)
}

/** How many operations of a connection go on. Those that wait or are answered are none of them. */
function open(subscriptions: Readonly<Record<string, unknown>>): number {
  return Object.values(subscriptions).filter((each) => each !== null).length
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
