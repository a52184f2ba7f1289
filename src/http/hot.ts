import type { FastifyReply, FastifyRequest } from 'fastify'
import { LRUCache } from 'lru-cache'
import type { Instant } from '../domain/instant.ts'
import { isNotModified } from './etag.ts'

/** An answer that is ready to be written, and until when it is right. */
export interface HotAnswer {
  readonly tag: string
  readonly body: Uint8Array
  /** Name, value, name, value… without Cache-Control, Content-Length and Content-Type. */
  readonly head: readonly string[]
  readonly contentHead: readonly string[]
  /** `immutable`, or what moves: then it is right while the clock is in `[from, until)` and nothing was committed since. */
  readonly cacheControl: string | { readonly prefix: string }
  readonly from: Instant
  readonly until: Instant
  /** True while the heads that the answer depends on are the same. */
  isCurrent(): boolean
}

const keptAnswers = 5_000
const noBody = new Uint8Array(0)

/**
 * Answers by the text of the request. A hot read is one look-up and one write: it hijacks the reply, since Fastify's own way to
 * the socket (hooks, serialisation, a header at a time) costs more than all of the rest (docs/performance.md).
 */
export class HotAnswers {
  readonly #answers = new LRUCache<string, HotAnswer>({ max: keptAnswers })
  readonly #now: () => Instant
  served = 0

  constructor(now: () => Instant) {
    this.#now = now
  }

  /** Everything in a request that may change the answer to it. */
  static keyOf({ url, headers }: FastifyRequest['raw']): string {
    return `${url}\n${headers.host ?? ''}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  remember(request: FastifyRequest, answer: HotAnswer): void {
    this.#answers.set(HotAnswers.keyOf(request.raw), answer)
  }

  /** Forgets all: something was committed that may change any answer. */
  clear(): void {
    this.#answers.clear()
  }

  /** Writes the answer and says so, if there is one that is still right. */
  serve(request: FastifyRequest, reply: FastifyReply): boolean {
    const { method } = request.raw
    if (method !== 'GET' && method !== 'HEAD') return false
    const key = HotAnswers.keyOf(request.raw)
    const answer = this.#answers.get(key)
    if (!answer) return false
    const now = this.#now()
    if (now < answer.from || now >= answer.until || !answer.isCurrent()) {
      this.#answers.delete(key)
      return false
    }
    reply.hijack()
    this.served += 1
    writeAnswer(request, reply, answer, now)
    return true
  }
}

/** `max-age` never runs past the next transition. */
export function movingCacheControl(prefix: string, now: Instant, until: Instant): string {
  const seconds = Math.max(0, Math.min(60, Math.floor((until - now) / 1000)))
  return `${prefix}max-age=${seconds}, must-revalidate`
}

function cacheControlAt({ cacheControl, until }: HotAnswer, now: Instant): string {
  return typeof cacheControl === 'string' ? cacheControl : movingCacheControl(cacheControl.prefix, now, until)
}

/** Writes the head at once and the prepared bytes. The reply must have been hijacked. */
export function writeAnswer(
  { raw: request }: FastifyRequest,
  { raw: response }: FastifyReply,
  answer: HotAnswer,
  now: Instant
): void {
  const { head, contentHead, body, tag } = answer
  const moving = ['cache-control', cacheControlAt(answer, now)]
  const ifNoneMatch = request.headers['if-none-match']
  if (ifNoneMatch !== undefined && isNotModified(ifNoneMatch, tag)) {
    response.writeHead(304, [...head, ...moving])
    response.end()
    return
  }
  response.writeHead(200, [...head, ...contentHead, ...moving])
  response.end(request.method === 'HEAD' ? noBody : body)
}
