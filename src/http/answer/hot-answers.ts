import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Cache, Slot } from '../../catalogue/cache.ts'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { isNotModified } from '../../domain/read/etag.ts'
import type { Instant } from '../../domain/time/instant.ts'

/** Bytes that are ready to be sent; the only place where they are kept. */
export const renderedBytes: Slot<Uint8Array> = { name: 'rendered', bytes: (bytes) => bytes.byteLength }

/** How long an answer is right. */
export interface ValidInterval {
  /** While the clock is in `[from, until)`… */
  readonly from: Instant
  readonly until: Instant
  /** …and while what it depends on has this stamp; absent: for good. */
  readonly stamp?: number
  /** What the stamp is of; absent: all catalogues. */
  readonly catalogue?: string
}

/** All that an answer needs but its bytes. It holds no view and no request: it is kept for long. */
export interface PreparedAnswer extends ValidInterval {
  /** As it is sent, in quotes. */
  readonly etag: string
  /** Under which `renderedBytes` has its body. */
  readonly bodyKey: string
  /** Name, value, name, value… without those of the body, and without Cache-Control. */
  readonly head: readonly string[]
  /** What only an answer with a body needs; RFC 9110 section 15.4.5 wants a 304 short. */
  readonly bodyHead: readonly string[]
  /** As it is, or for what moves with the clock, what stands before `max-age`. */
  readonly cacheControl: string | { readonly prefix: string }
}

const preparedAnswers: Slot<PreparedAnswer> = {
  name: 'prepared',
  bytes: ({ head, bodyHead }) => [...head, ...bodyHead].reduce((sum, text) => sum + text.length + 16, 300)
}

const noBody = new Uint8Array(0)

/**
 * Answers by the text of the request, in front of Fastify and in its first hook. A hot read is two look-ups and one write: Fastify's
 * own way to the socket (routing, hooks, serialisation, a header at a time) costs more than all of the rest (docs/performance.md).
 */
export class HotAnswers {
  readonly #cache: Cache
  readonly #catalogues: Pick<Catalogues, 'heads' | 'now'>
  /** While the service drains, Fastify answers: it ends connections. */
  isDraining = false
  served = 0

  constructor({ cache, heads, now }: Pick<Catalogues, 'cache' | 'heads' | 'now'>) {
    this.#cache = cache
    this.#catalogues = { heads, now }
  }

  /** Everything in a request that may change the answer to it. */
  static keyOf({ url, headers }: IncomingMessage): string {
    return `${url}\n${headers.host ?? ''}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  remember(request: IncomingMessage, answer: PreparedAnswer): void {
    this.#cache.set(preparedAnswers, HotAnswers.keyOf(request), answer)
  }

  /** Writes the answer and says so, if there is one that is still right. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const { method } = request
    // Who prefers to wait may get another answer than who does not.
    if ((method !== 'GET' && method !== 'HEAD') || this.isDraining || request.headers.prefer !== undefined) return false
    const answer = this.#cache.get(preparedAnswers, HotAnswers.keyOf(request))
    if (!answer) return false
    const now = this.#catalogues.now()
    if (!isStillRight(answer, this.#catalogues, now)) return false
    const isKnown = isNotModified(request.headers['if-none-match'], answer.etag)
    const body = isKnown ? undefined : this.#cache.get(renderedBytes, answer.bodyKey)
    if (!isKnown && !body) return false
    this.served += 1
    writeAnswer(request, response, answer, body, now)
    return true
  }
}

/** Whether what was answered may be answered again. */
export function isStillRight(
  { from, until, stamp, catalogue }: ValidInterval,
  catalogues: Pick<Catalogues, 'heads'>,
  now: Instant
): boolean {
  return from <= now && now < until && (stamp === undefined || stamp === stampOf(catalogues, catalogue))
}

/** `max-age` never runs past the next transition. */
export function movingCacheControl(prefix: string, now: Instant, until: Instant): string {
  const seconds = Math.max(0, Math.min(60, Math.floor((until - now) / 1000)))
  return `${prefix}max-age=${seconds}, must-revalidate`
}

function cacheControlAt({ cacheControl, until }: PreparedAnswer, now: Instant): string {
  return typeof cacheControl === 'string' ? cacheControl : movingCacheControl(cacheControl.prefix, now, until)
}

/** Writes the head at once and the bytes; without a body 304. */
export function writeAnswer(
  request: IncomingMessage,
  response: ServerResponse,
  answer: PreparedAnswer,
  body: Uint8Array | undefined,
  now: Instant
): void {
  const { head, bodyHead } = answer
  const fields = [...head, 'cache-control', cacheControlAt(answer, now)]
  if (!body) {
    response.writeHead(304, fields)
    response.end()
    return
  }
  fields.push(...bodyHead, 'content-length', String(body.byteLength))
  response.writeHead(200, fields)
  response.end(request.method === 'HEAD' ? noBody : body)
}
