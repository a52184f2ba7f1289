import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import type { Point } from '../../catalogue/read/point.ts'
import { contentTag, gzipTag, isNotModified } from '../../domain/read/etag.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { acceptsGzip } from '../request/preferred-type.ts'
import { logHeaders, securityHeaders } from './headers.ts'
import { type HotAnswers, movingCacheControl, type PreparedAnswer, renderedBytes, writeAnswer } from './hot-answers.ts'

const compress = promisify(gzip)

/** What a read answers with, before its bytes are known. */
export interface Answer {
  readonly contentType: string
  /** The opaque ETag where it is known without the bytes. Answers with the same tag have the same bytes. */
  readonly tag?: string
  /** What the tag is of, for a tag that is made from the bytes. */
  readonly representation: string
  /** The bytes depend on the base of links too. */
  readonly base?: string
  readonly headers: Readonly<Record<string, string>>
  readonly isImmutable: boolean
  /** The clock alone changes the answer at these instants. */
  readonly from?: Instant
  readonly until?: Instant
  /** The instant of effect, where it was given: then the clock of the process changes nothing. */
  readonly timedAt?: Instant
  /** The only catalogue that it depends on; absent: any. */
  readonly catalogue?: string
  /** `stampOf` what it depends on, taken before anything was read: what is committed meanwhile makes the answer old. */
  readonly stamp: number
  readonly render: () => Promise<string | Uint8Array>
}

export interface AnswerContext {
  readonly catalogues: Catalogues
  readonly hot: HotAnswers
  readonly isPublic: boolean
}

const forEver = Number.MAX_SAFE_INTEGER

/** Answers a read: 304 where the client has it, else the kept or freshly rendered bytes, in the encoding that the client takes. */
export async function sendAnswer(
  { catalogues, hot, isPublic }: AnswerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer
): Promise<FastifyReply> {
  const { isImmutable, timedAt, catalogue, from, until, stamp, contentType } = answer
  const isGzip = acceptsGzip(request)
  const ifNoneMatch = request.headers['if-none-match']
  const known = answer.tag === undefined ? undefined : encodedTag(answer.tag, isGzip)
  // Where the tag is known without the bytes, a client that has them costs no rendering.
  const isKnown = known !== undefined && isNotModified(ifNoneMatch, `"${known}"`)
  const { tag, key, body } = isKnown
    ? { tag: known, key: placeOf(answer) + known, body: undefined }
    : await bytesOf(catalogues, answer, isGzip)
  const etag = `"${tag}"`
  const prepared: PreparedAnswer = {
    etag,
    bodyKey: key,
    head: headOf(answer, etag, isPublic, isGzip),
    bodyHead: ['content-type', contentType, ...Object.entries(securityHeaders).flat()],
    cacheControl: cacheControl(answer, isPublic),
    from: timedAt === undefined ? (from ?? -forEver) : -forEver,
    until: timedAt === undefined ? (until ?? forEver) : forEver,
    ...(!isImmutable && { stamp }),
    ...(catalogue !== undefined && { catalogue })
  }
  hot.remember(request.raw, prepared)
  reply.hijack()
  writeAnswer(request.raw, reply.raw, prepared, isNotModified(ifNoneMatch, etag) ? undefined : body, catalogues.now())
  return reply
}

function encodedTag(tag: string, isGzip: boolean): string {
  return isGzip ? gzipTag(tag) : tag
}

interface Bytes {
  readonly tag: string
  /** Where they are kept. */
  readonly key: string
  readonly body: Uint8Array
}

/** Answers with links are other bytes for another base of links. */
function placeOf({ catalogue, base }: Answer): string {
  return `${catalogue ?? ''}\n${base ?? ''}\n`
}

async function bytesOf(catalogues: Catalogues, answer: Answer, isGzip: boolean): Promise<Bytes> {
  const { cache } = catalogues
  const place = placeOf(answer)
  if (answer.tag !== undefined) {
    const tag = encodedTag(answer.tag, isGzip)
    const kept = cache.get(renderedBytes, place + tag)
    if (kept) return { tag, key: place + tag, body: kept }
  }
  const plain =
    (answer.tag !== undefined && cache.get(renderedBytes, place + answer.tag)) || toBytes(await answer.render())
  const tag = encodedTag(answer.tag ?? contentTag(plain, answer.representation), isGzip)
  const body = isGzip ? await compress(plain) : plain
  cache.set(renderedBytes, place + tag, body)
  return { tag, key: place + tag, body }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

function headOf({ headers }: Answer, etag: string, isPublic: boolean, isGzip: boolean): readonly string[] {
  const vary = isPublic ? 'accept, accept-encoding' : 'accept, accept-encoding, authorization'
  const all = { etag, vary, ...(isGzip && { 'content-encoding': 'gzip' }), ...headers }
  return Object.entries(all).flat()
}

function cacheControl({ isImmutable, timedAt, until }: Answer, isPublic: boolean): PreparedAnswer['cacheControl'] {
  const prefix = isPublic ? '' : 'private, '
  if (isImmutable) return `${prefix}max-age=31536000, immutable`
  return timedAt === undefined ? { prefix } : movingCacheControl(prefix, timedAt, until ?? forEver)
}

/** The header fields of every answer about one catalogue. */
export function pointHeaders(point: Point, epoch: string, now: Instant, link: string): Record<string, string> {
  const { revision, interval, seq } = point
  const { validFrom, validUntil } = interval
  return {
    'portolan-revision': String(revision.number),
    ...(validFrom !== undefined && { 'portolan-valid-from': formatInstant(validFrom) }),
    ...(validUntil !== undefined && { 'portolan-valid-until': formatInstant(validUntil) }),
    ...logHeaders(seq, epoch),
    'last-modified': new Date(lastModified(point, now)).toUTCString(),
    ...(link !== '' && { link })
  }
}

/** The later of the record and the last transition; one that lies ahead has modified nothing yet. */
function lastModified({ revision, interval: { validFrom } }: Point, now: Instant): Instant {
  return validFrom !== undefined && validFrom <= now ? Math.max(revision.recordedAt, validFrom) : revision.recordedAt
}
