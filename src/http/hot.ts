import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Cache, Slot } from '../catalogue/cache.ts'
import type { Catalogues } from '../catalogue/catalogues.ts'
import type { Instant } from '../domain/instant.ts'
import { isNotModified } from './etag.ts'

/** Bytes that are ready to be sent; the only place where they are kept. */
export const renderedBytes: Slot<Uint8Array> = { name: 'rendered', bytes: (bytes) => bytes.byteLength }

/** All that an answer needs but its bytes. It holds no view and no request: it is kept for long. */
export interface PreparedAnswer {
  readonly tag: string
  /** Under which `renderedBytes` has its body. */
  readonly bodyKey: string
  /** Name, value, name, value… without those of the body, and without Cache-Control. */
  readonly head: readonly string[]
  readonly contentType: string
  /** As it is, or for what moves with the clock, what stands before `max-age`. */
  readonly cacheControl: string | { readonly prefix: string }
  /** It is right while the clock is in `[from, until)`… */
  readonly from: Instant
  readonly until: Instant
  /** …and while what it depends on has this stamp; absent: for good. */
  readonly stamp?: number
  /** What the stamp is of; absent: all catalogues. */
  readonly catalogue?: string
}

const preparedAnswers: Slot<PreparedAnswer> = {
  name: 'prepared',
  bytes: ({ head }) => head.reduce((sum, text) => sum + text.length + 16, 300)
}

const noBody = new Uint8Array(0)

/** Changes whenever something was committed that an answer about this catalogue, or about all, may depend on. */
export function stampOf({ heads }: Pick<Catalogues, 'heads'>, catalogue: string | undefined): number {
  return catalogue === undefined ? heads.seq : (heads.get(catalogue)?.seq ?? 0)
}

/**
 * Answers by the text of the request. A hot read is two look-ups and one write: it hijacks the reply, since Fastify's own way to
 * the socket (hooks, serialisation, a header at a time) costs more than all of the rest (docs/performance.md).
 */
export class HotAnswers {
  readonly #cache: Cache
  readonly #catalogues: Pick<Catalogues, 'heads' | 'now'>
  served = 0

  constructor({ cache, heads, now }: Pick<Catalogues, 'cache' | 'heads' | 'now'>) {
    this.#cache = cache
    this.#catalogues = { heads, now }
  }

  /** Everything in a request that may change the answer to it. */
  static keyOf({ url, headers }: FastifyRequest['raw']): string {
    return `${url}\n${headers.host ?? ''}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  remember(request: FastifyRequest, answer: PreparedAnswer): void {
    this.#cache.set(preparedAnswers, HotAnswers.keyOf(request.raw), answer)
  }

  /** Writes the answer and says so, if there is one that is still right. */
  serve(request: FastifyRequest, reply: FastifyReply): boolean {
    const { method } = request.raw
    if (method !== 'GET' && method !== 'HEAD') return false
    const answer = this.#cache.get(preparedAnswers, HotAnswers.keyOf(request.raw))
    if (!answer) return false
    const now = this.#catalogues.now()
    if (now < answer.from || now >= answer.until) return false
    if (answer.stamp !== undefined && answer.stamp !== stampOf(this.#catalogues, answer.catalogue)) return false
    const isKnown = isNotModified(request.raw.headers['if-none-match'], answer.tag)
    const body = isKnown ? undefined : this.#cache.get(renderedBytes, answer.bodyKey)
    if (!isKnown && !body) return false
    reply.hijack()
    this.served += 1
    writeAnswer(request, reply, answer, body, now)
    return true
  }
}

/** `max-age` never runs past the next transition. */
export function movingCacheControl(prefix: string, now: Instant, until: Instant): string {
  const seconds = Math.max(0, Math.min(60, Math.floor((until - now) / 1000)))
  return `${prefix}max-age=${seconds}, must-revalidate`
}

function cacheControlAt({ cacheControl, until }: PreparedAnswer, now: Instant): string {
  return typeof cacheControl === 'string' ? cacheControl : movingCacheControl(cacheControl.prefix, now, until)
}

/** Writes the head at once and the bytes; without a body 304. The reply must have been hijacked. */
export function writeAnswer(
  { raw: request }: FastifyRequest,
  { raw: response }: FastifyReply,
  answer: PreparedAnswer,
  body: Uint8Array | undefined,
  now: Instant
): void {
  const { head, contentType } = answer
  const cacheControl = cacheControlAt(answer, now)
  if (!body) {
    response.writeHead(304, [...head, 'cache-control', cacheControl])
    response.end()
    return
  }
  const { byteLength } = body
  const bodyHead = ['cache-control', cacheControl, 'content-type', contentType, 'content-length', String(byteLength)]
  response.writeHead(200, [...head, ...bodyHead])
  response.end(request.method === 'HEAD' ? noBody : body)
}
