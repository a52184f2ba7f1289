import { LRUCache } from 'lru-cache'
import { Pool } from 'undici'
import type { Outcome, TransportError } from '../domain/webhook/outcome.ts'
import { parallelRequests } from '../domain/webhook/subscription.ts'
import { type Egress, EgressRefusal } from './egress.ts'
import { DeadlineError, mostBodyMs, type ReceiverResponse, ResponseReader } from './response-reader.ts'
import type { WebhookRequest, WebhookTransport } from './transport.ts'

export interface ReceiverOptions {
  readonly egress: Egress
  /** How long an attempt may take in all: name, connection and answer. In milliseconds. */
  readonly deadlineMs: number
}

/** How many receivers stay connected; the connections that were unused for longest are closed first. */
const mostPools = 1000
/** How long a connection that is not used stays open. */
const idleMs = 30_000

interface Connection {
  readonly pool: Pool
  /** The path of the URL, with its query. */
  readonly path: string
  /** How often the pool connected. */
  connects: number
}

/**
 * Sends requests with undici. Each subscription has connections of its own, as many as it may use at a time. So no request waits for the
 * receiver of another subscription, and none waits in a queue, where no deadline reaches it. Redirects are not followed, and bodies are
 * not decompressed.
 */
export class Receivers implements WebhookTransport {
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
    const key = `${request.subscription} ${request.url}`
    const started = performance.now()
    const connection = this.#connectionTo(key, request.url)
    const connects = connection.connects
    const sent = await this.#attempt(key, connection, request, started)
    const isStale = sent instanceof Error && isReset(sent) && connection.connects === connects && connects > 0
    // The other side may have closed a kept connection just as it was used. That says nothing about the receiver, so there is one more try.
    const last = isStale ? await this.#attempt(key, connection, request, started) : sent
    if (!(last instanceof Error)) return last
    const address = last instanceof EgressRefusal ? { address: last.address } : {}
    return {
      kind: 'failed',
      error: errorOf(last),
      detail: detailOf(last),
      ...address,
      durationMs: Math.round(performance.now() - started)
    }
  }

  async close(): Promise<void> {
    this.#connections.clear()
  }

  #connectionTo(key: string, url: string): Connection {
    const known = this.#connections.get(key)
    if (known) return known
    const { origin, pathname, search } = new URL(url)
    const pool = new Pool(origin, {
      connect: this.#options.egress.connector(() => {
        connection.connects += 1
      }),
      connections: parallelRequests.none,
      pipelining: 1,
      keepAliveTimeout: 4000,
      headersTimeout: this.#options.deadlineMs,
      bodyTimeout: mostBodyMs,
      maxHeaderSize: 8192
    })
    const connection: Connection = { pool, path: pathname + search, connects: 0 }
    this.#connections.set(key, connection)
    return connection
  }

  /** The answer, or the failure. To give up, the pool is destroyed: a signal would not reach a request that waits in it. */
  #attempt(
    key: string,
    { pool, path }: Connection,
    { headers, body }: WebhookRequest,
    started: number
  ): Promise<ReceiverResponse | Error> {
    const { deadlineMs } = this.#options
    const giveUp = () => {
      if (this.#connections.peek(key)?.pool === pool) this.#connections.delete(key)
      else void pool.destroy().catch(() => {})
    }
    return new Promise((resolve) => {
      const answering = new ResponseReader(resolve, { started, deadlineMs, giveUp })
      pool.dispatch({ path, method: 'POST', headers, body }, answering)
    })
  }
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
