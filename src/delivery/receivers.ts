import { LRUCache } from 'lru-cache'
import { type Dispatcher, Pool } from 'undici'
import type { Outcome, TransportError } from '../domain/outcome.ts'
import { parallel } from '../domain/subscription.ts'
import { type Egress, EgressRefusal } from './egress.ts'
import type { Transport, WebhookRequest } from './transport.ts'

export interface ReceiverOptions {
  readonly egress: Egress
  /** Over everything: name, connection, answer. */
  readonly deadlineMs: number
}

/** Receivers that are connected to, at most; the least used go first. */
const mostPools = 1000
const idleMs = 30_000
/** An answer is read so far, for the log and so that its connection can be used again. */
const mostAnswerBytes = 65_536
const mostAnswerMs = 5000
const keptBytes = 4096

interface Connection {
  readonly pool: Pool
  /** How often it connected. */
  connects: number
}

/**
 * Sends requests by undici. Each subscription has connections of its own, as many as it may use at a time, so that none waits for
 * another one's receiver, and none in a queue, where no deadline reaches it. Redirects are not followed, nothing is unpacked.
 */
export class Receivers implements Transport {
  readonly #options: ReceiverOptions
  readonly #connections: LRUCache<string, Connection>

  constructor(options: ReceiverOptions) {
    this.#options = options
    this.#connections = new LRUCache({
      max: mostPools,
      ttl: idleMs,
      updateAgeOnGet: true,
      ttlAutopurge: true,
      dispose: ({ pool }) => void pool.destroy().catch(() => {})
    })
  }

  async send(request: WebhookRequest): Promise<Outcome> {
    const url = new URL(request.url)
    const key = `${request.subscription} ${url.origin}`
    const started = performance.now()
    const connection = this.#connectionTo(key, url.origin)
    const connects = connection.connects
    const sent = await this.#withDeadline(key, connection, url, request)
    const isStale = sent instanceof Error && isReset(sent) && connection.connects === connects && connects > 0
    // A connection that was kept open may have been closed by the other side just as it was used: that says nothing of the receiver.
    const last = isStale ? await this.#withDeadline(key, connection, url, request) : sent
    const durationMs = Math.round(performance.now() - started)
    if (!(last instanceof Error)) return { ...last, durationMs }
    const address = last instanceof EgressRefusal ? { address: last.address } : {}
    return { kind: 'failed', error: errorOf(last), detail: detailOf(last), ...address, durationMs }
  }

  async close(): Promise<void> {
    this.#connections.clear()
  }

  #connectionTo(key: string, origin: string): Connection {
    const known = this.#connections.get(key)
    if (known) return known
    const pool = new Pool(origin, {
      connect: this.#options.egress.connector(() => {
        connection.connects += 1
      }),
      connections: parallel.none,
      pipelining: 1,
      keepAliveTimeout: 4000,
      headersTimeout: this.#options.deadlineMs,
      bodyTimeout: mostAnswerMs,
      maxHeaderSize: 8192
    })
    const connection: Connection = { pool, connects: 0 }
    this.#connections.set(key, connection)
    return connection
  }

  /** The answer, or the failure. A signal would not reach a request that waits in the pool, so the pool goes. */
  async #withDeadline(key: string, { pool }: Connection, url: URL, request: WebhookRequest): Promise<Answer | Error> {
    const end = performance.now() + this.#options.deadlineMs
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        if (this.#connections.peek(key)?.pool === pool) this.#connections.delete(key)
        else void pool.destroy().catch(() => {})
        reject(new DeadlineError(this.#options.deadlineMs))
      }, this.#options.deadlineMs)
    })
    try {
      const answer = await Promise.race([post(pool, url, request), late])
      clearTimeout(timer)
      return await answerOf(answer, end)
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error))
    } finally {
      clearTimeout(timer)
    }
  }
}

type Answer = Omit<Extract<Outcome, { kind: 'answered' }>, 'durationMs'>

class DeadlineError extends Error {
  constructor(ms: number) {
    super(`no answer within ${ms / 1000} seconds`)
    this.name = 'DeadlineError'
  }
}

function post(pool: Pool, url: URL, { headers, body }: WebhookRequest): Promise<Dispatcher.ResponseData> {
  return pool.request({ path: url.pathname + url.search, method: 'POST', headers, body })
}

async function answerOf({ statusCode, headers, body }: Dispatcher.ResponseData, end: number): Promise<Answer> {
  const retryAfter = textOf(headers['retry-after'])
  return {
    kind: 'answered',
    status: statusCode,
    ...(retryAfter !== undefined && { retryAfter }),
    isDisabling: textOf(headers['webhook-delivery'])?.trim().toLowerCase() === 'disable',
    body: await beginningOf(body, Math.min(end, performance.now() + mostAnswerMs))
  }
}

/** The status has said all: whatever happens to the body changes nothing. */
async function beginningOf(body: Dispatcher.ResponseData['body'], end: number): Promise<string> {
  const chunks: Buffer[] = []
  let [kept, bytes] = [0, 0]
  const timer = setTimeout(() => body.destroy(), end - performance.now())
  try {
    for await (const chunk of body) {
      const part = Buffer.from(chunk)
      if (kept < keptBytes) chunks.push(part.subarray(0, keptBytes - kept))
      kept += part.length
      bytes += part.length
      if (bytes > mostAnswerBytes || performance.now() > end) break
    }
  } catch {
    // Cut off, too slow, or destroyed above.
  } finally {
    clearTimeout(timer)
    body.destroy()
  }
  // Untrusted bytes become text that a store takes.
  return Buffer.concat(chunks).toString('utf8').replaceAll('\0', '\ufffd')
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function isReset(error: Error): boolean {
  return ['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'].includes(codeOf(error))
}

function errorOf(error: Error): TransportError {
  if (error instanceof EgressRefusal) return 'refused_address'
  if (error instanceof DeadlineError) return 'timeout'
  const code = codeOf(error)
  if (/^(ENOTFOUND|EAI_|ENODATA|ESERVFAIL)/.test(code)) return 'dns'
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) return 'timeout'
  if (isReset(error)) return 'reset'
  if (error.name === 'HTTPParserError' || /^(HPE_|UND_ERR_(HEADERS_OVERFLOW|RES|RESPONSE))/.test(code))
    return 'malformed_answer'
  if (/^(ERR_TLS|ERR_SSL|CERT_|EPROTO|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code)) return 'tls'
  if (/^UND_ERR_(INVALID|NOT_SUPPORTED|REQ_CONTENT)/.test(code)) return 'bad_request'
  return 'connect'
}

function detailOf(error: Error): string {
  const code = codeOf(error)
  return `${code === '' ? '' : `${code} `}${error.message}`.slice(0, 300)
}
