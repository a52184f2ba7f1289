import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Cache, Slot } from '../../catalogue/cache.ts'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { type FeedStamp, isUnmoved } from '../../catalogue/read/feed-stamp.ts'
import { isPartUnmoved, type PartStamp } from '../../catalogue/read/part-stamp.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { isNotModified } from '../../domain/read/etag.ts'
import { isUnmodified, type LastModified, sentLastModified } from '../../domain/read/last-modified.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { clientBase, type ProxyTrust } from '../request/client.ts'
import type { AnswerWriter } from './answer-writer.ts'
import { isEnding, movingCacheControl, secondsLeft, sharedCacheControl } from './cache-control.ts'

/** The cache of bytes that are ready to be sent. They are kept nowhere else. */
export const renderedBytes: Slot<Uint8Array> = { name: 'rendered', bytes: (bytes) => bytes.byteLength }

/** How long an answer is valid: while the clock is in `[from, until)` and the stamp has not changed. */
export interface ValidInterval {
  readonly from: Instant
  readonly until: Instant
  /** Result of `stampOf()` from before the first read; absent: no commit can change the answer. */
  readonly stamp?: number
  /** The catalogue that the stamp belongs to; absent: all catalogues. */
  readonly catalogue?: string
  /** The site and the catalogues that it contains, where they are several. */
  readonly parts?: readonly PartStamp[]
  /** The feeds that it contains, too. */
  readonly feeds?: readonly FeedStamp[]
}

/** An answer without its bytes. It refers to no view and no request, since it may be kept for long. */
export interface PreparedAnswer extends ValidInterval {
  /** The ETag as it is sent, in quotes. */
  readonly etag: string
  /** The key of the body in `renderedBytes`. */
  readonly bodyKey: string
  /** Header fields as name, value, name, value… without those of the body and without Cache-Control. */
  readonly head: readonly string[]
  /** Header fields that only an answer with a body has; RFC 9110 section 15.4.5 wants a 304 to be short. */
  readonly bodyHead: readonly string[]
  /** `Last-Modified`, where it is known when the answer last changed. */
  readonly modified?: LastModified
  /** The whole field, or the text before `max-age` if that depends on the clock. */
  readonly cacheControl: string | { readonly prefix: string }
}

const preparedAnswers: Slot<PreparedAnswer> = {
  name: 'prepared',
  bytes: ({ head, bodyHead }) => [...head, ...bodyHead].reduce((sum, text) => sum + text.length + 16, 300)
}

const noBody = new Uint8Array(0)

/** One read of so many is timed: to read the clock twice costs a good part of what the read does. */
const timedOneOf = 64

/**
 * Answers by the text of the request, in front of Fastify and in its first hook. A hot read is two look-ups and one write: Fastify's
 * own way to the socket (routing, hooks, serialisation, a header at a time) costs more than everything else (docs/performance.md).
 */
export class HotAnswers implements AnswerWriter {
  readonly #cache: Cache
  readonly #catalogues: Pick<Catalogues, 'heads' | 'now'>
  readonly #trust: ProxyTrust | undefined
  readonly #fields = new WeakMap<PreparedAnswer, Fields>()
  /** Whether an answer may have other fields for a page of another origin. */
  readonly variesByOrigin: boolean
  /** While the service drains, Fastify answers all requests, since it ends connections. */
  isDraining = false
  /** How many requests were answered here. */
  served = 0
  /** Takes how long one of 64 reads took from its head to its last write, in seconds. */
  onTimed: (seconds: number) => void = () => {}

  /** `trust` says which proxies may tell under which address the service was asked: links depend on it. */
  constructor(
    { cache, heads, now }: Pick<Catalogues, 'cache' | 'heads' | 'now'>,
    {
      trust,
      variesByOrigin = false
    }: { readonly trust?: ProxyTrust | undefined; readonly variesByOrigin?: boolean } = {}
  ) {
    this.#cache = cache
    this.#catalogues = { heads, now }
    this.#trust = trust
    this.variesByOrigin = variesByOrigin
  }

  /** Everything in a request that may change its answer. */
  keyOf(request: IncomingMessage): string {
    const { url, headers } = request
    return `${url}\n${clientBase(request, this.#trust)}\n${headers.accept ?? ''}\n${headers['accept-encoding'] ?? ''}`
  }

  remember(request: IncomingMessage, answer: PreparedAnswer): void {
    this.#cache.set(preparedAnswers, this.keyOf(request), answer)
  }

  /** Writes an answer that was just made, and keeps it, unless it was made for a key that is narrowed to catalogues. */
  write(request: FastifyRequest, reply: FastifyReply, prepared: PreparedAnswer, body: Uint8Array | undefined): void {
    // It is found by the text of the request alone.
    if (request.key?.catalogues === undefined) this.remember(request.raw, prepared)
    reply.hijack()
    this.#write(request.raw, reply.raw, prepared, body, this.#catalogues.now())
  }

  /** Writes the answer and returns true, if there is one that is still valid. */
  serve(request: IncomingMessage, response: ServerResponse): boolean {
    const { method } = request
    if ((method !== 'GET' && method !== 'HEAD') || this.isDraining || asksForMore(request)) return false
    const began = this.served % timedOneOf === 0 ? performance.now() : undefined
    const answer = this.#cache.get(preparedAnswers, this.keyOf(request))
    if (!answer) return false
    const now = this.#catalogues.now()
    if (!isStillValid(answer, this.#catalogues, now)) return false
    const isKnown = isKnownTo(request, answer, now)
    const body = isKnown ? undefined : this.#cache.get(renderedBytes, answer.bodyKey)
    if (!isKnown && !body) return false
    this.served += 1
    this.#write(request, response, answer, body, now)
    if (began !== undefined) this.onTimed((performance.now() - began) / 1000)
    return true
  }

  /** Writes head and body at once; without a body the answer is 304. */
  #write(
    request: IncomingMessage,
    response: ServerResponse,
    answer: PreparedAnswer,
    body: Uint8Array | undefined,
    now: Instant
  ): void {
    const fields = this.#fieldsAt(answer, now)
    if (!body) {
      response.writeHead(304, fields.known)
      response.end()
      return
    }
    fields.whole ??= [...fields.known, ...answer.bodyHead, 'content-length', String(body.byteLength)]
    response.writeHead(200, fields.whole)
    response.end(request.method === 'HEAD' ? noBody : body)
  }

  /** The header fields of an answer now: those of its last writing, where the clock has not changed them. */
  #fieldsAt(answer: PreparedAnswer, now: Instant): Fields {
    const left = secondsLeft(now, answer.until)
    const modified = sentLastModified(answer.modified, now)
    const last = this.#fields.get(answer)
    if (last?.left === left && last.modified === modified) return last
    const known = [...answer.head, ...cacheFields(answer, now)]
    if (modified !== undefined) known.push('last-modified', modified)
    if (this.variesByOrigin) known.push('vary', 'origin')
    const fields = { left, modified, known }
    this.#fields.set(answer, fields)
    return fields
  }
}

/** Header fields as name, value, name, value… To make them costs more than to find the answer. */
interface Fields {
  /** What they depend on: see `secondsLeft`, and `Last-Modified` as it is sent. */
  readonly left: number
  readonly modified: string | undefined
  /** Those of a 304. */
  readonly known: string[]
  /** Those of an answer with its body, once there was one. */
  whole?: string[]
}

function cacheFields({ cacheControl, until }: PreparedAnswer, now: Instant): readonly string[] {
  if (typeof cacheControl === 'string') return ['cache-control', cacheControl]
  const { prefix } = cacheControl
  const own = ['cache-control', movingCacheControl(prefix, now, until)]
  // What not everybody may have is in no cache that clients share.
  return prefix === '' ? [...own, 'cdn-cache-control', sharedCacheControl(now, until)] : own
}

/** Whether a client prefers to wait for another answer, or asks for one that knows an event. */
export function asksForMore({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  return headers.prefer !== undefined || headers['portolan-min-seq'] !== undefined
}

/** Whether a client has an answer. `If-None-Match` goes first, RFC 9110 section 13.2.2. */
export function isKnownTo(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { etag, modified, until }: Pick<PreparedAnswer, 'etag' | 'modified' | 'until'>,
  now: Instant
): boolean {
  if (isEnding(until, now)) return false
  const ifNoneMatch = headers['if-none-match']
  return ifNoneMatch === undefined
    ? isUnmodified(headers['if-modified-since'], modified, now)
    : isNotModified(ifNoneMatch, etag)
}

/** Whether an answer may be given again. */
export function isStillValid(
  { from, until, stamp, catalogue, parts, feeds }: ValidInterval,
  catalogues: Pick<Catalogues, 'heads'>,
  now: Instant
): boolean {
  return (
    from <= now &&
    now < until &&
    (stamp === undefined || stamp === stampOf(catalogues, catalogue)) &&
    (parts === undefined || parts.every((part) => isPartUnmoved(catalogues, part))) &&
    (feeds === undefined || feeds.every((feed) => isUnmoved(catalogues, feed)))
  )
}
