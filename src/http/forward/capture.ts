import type { FastifyInstance } from 'fastify'
import { LogCounters } from '../../catalogue/log-counters.ts'
import { PortolanError } from '../../domain/errors.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { Key } from '../../domain/key.ts'
import type { AnswerWriter } from '../answer/answer-writer.ts'
import type { PreparedAnswer } from '../answer/hot-answers.ts'
import type { PostAnswer } from '../answer/hot-posts.ts'
import type { EmptyPoll } from '../answer/send-point.ts'
import { pathOfBase } from '../request/client.ts'
import type { RequestGate } from '../request/gate.ts'
import type { ForwardedAnswer, ForwardedRequest } from './forwarded.ts'

/** What the handlers of one request leave behind in a thread. */
interface Captured {
  readonly request: ForwardedRequest
  prepared?: { readonly prepared: PreparedAnswer; readonly body?: Uint8Array }
  kept?: PostAnswer
  emptyPoll?: EmptyPoll
  logged?: NonNullable<ForwardedAnswer['logged']>
  conflicts?: number
  units?: number
}

/**
 * The side of the thread: it answers one request at a time with the routes of the service, and takes what they would write. Gate, kept
 * answers and waiting belong to the thread that talks to clients.
 */
export class Capture {
  #current: Captured | undefined

  get #captured(): Captured {
    if (!this.#current) throw new Error('A thread answers no request of its own.')
    return this.#current
  }

  /** The key of the request that is answered. */
  get key(): Key | undefined {
    return this.#captured.request.key
  }

  /** Why the request that is answered may not write. */
  get writeRefusal(): PortolanError | undefined {
    const { writeRefusal } = this.#captured.request
    return writeRefusal && new PortolanError(writeRefusal.code, writeRefusal.detail)
  }

  /** The gate of a thread: the one before it has decided already. */
  gate(isPublic: boolean): RequestGate {
    return {
      isPublic,
      learn: () => undefined,
      clientOf: () => ({ address: '', host: '', base: this.base, path: pathOfBase(this.base), isSecure: false }),
      requireHost: () => {},
      presentedBy: () => undefined,
      enter: () => this.key,
      admit: () => this.key,
      mayRead: () => true,
      onKeyEnd: () => () => {},
      writeRefusal: () => this.writeRefusal
    }
  }

  get base(): string {
    return this.#captured.request.base
  }

  get requestId(): string {
    return this.#captured.request.requestId
  }

  /** Takes which events a request made, for the metrics of the process. */
  readonly logCounters = new LogCounters(
    (events) => {
      const known = this.#captured.logged ?? []
      this.#captured.logged = [...known, ...events.map(({ type, lateByMs }) => ({ type, lateByMs }))]
    },
    (count) => {
      this.#captured.conflicts = (this.#captured.conflicts ?? 0) + count
    }
  )

  /** Takes answers in place of the connection. */
  readonly writer: AnswerWriter = {
    write: (_request, reply, prepared, body) => {
      // The bytes leave this thread, whose cache may still hold them: a copy goes.
      this.#captured.prepared = { prepared, ...(body && { body: Uint8Array.from(body) }) }
      reply.hijack()
      reply.raw.end()
    }
  }

  /** Counts units. The one before the thread takes them of the client. */
  charge(units: number): void {
    this.#captured.units = (this.#captured.units ?? 0) + units
  }

  keepPost(answer: PostAnswer): void {
    this.#captured.kept = answer
  }

  emptyPoll(poll: EmptyPoll): void {
    this.#captured.emptyPoll = poll
  }

  async answer(app: FastifyInstance, request: ForwardedRequest): Promise<ForwardedAnswer> {
    const captured: Captured = { request }
    this.#current = captured
    try {
      const { method, url, headers, body } = request
      // The methods of forwarded routes are those that Fastify knows.
      const response = await app.inject({
        method: method as 'GET',
        url,
        headers: { ...headers },
        ...(body && { payload: Buffer.from(body.buffer, body.byteOffset, body.byteLength) })
      })
      const { emptyPoll, logged, conflicts, units } = captured
      const beside = withoutUndefined({ emptyPoll, logged, conflicts, units })
      if (captured.prepared) return { kind: 'prepared', ...captured.prepared, ...beside }
      return {
        kind: 'response',
        status: response.statusCode,
        headers: writtenHeaders(response.headers),
        // A small Buffer is a part of a block that has other texts too, which must not leave with it.
        body: Uint8Array.from(response.rawPayload),
        ...(captured.kept && { kept: captured.kept }),
        ...beside
      }
    } finally {
      this.#current = undefined
    }
  }
}

/** Header fields of the connection belong to the one that talks to the client. */
const ownHeaders: readonly string[] = ['connection', 'date', 'keep-alive', 'transfer-encoding']

function writtenHeaders(
  headers: Readonly<Record<string, number | string | string[] | undefined>>
): Readonly<Record<string, string | string[]>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || ownHeaders.includes(name) ? [] : [[name, Array.isArray(value) ? value : String(value)]]
    )
  )
}
