import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import type { FeedStamp } from '../../catalogue/read/feed-stamp.ts'
import type { PartStamp } from '../../catalogue/read/part-stamp.ts'
import { type Point, recordedAtOf } from '../../catalogue/read/point.ts'
import type { Narrowing } from '../../domain/narrowing.ts'
import { contentTag, gzipTag } from '../../domain/read/etag.ts'
import { lastModifiedOf } from '../../domain/read/last-modified.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { acceptsGzip } from '../request/preferred-type.ts'
import type { AnswerWriter } from './answer-writer.ts'
import { movingCacheControl } from './cache-control.ts'
import { logHeaders, securityHeaders } from './headers.ts'
import { isKnownTo, type PreparedAnswer, renderedBytes } from './hot-answers.ts'

const compress = promisify(gzip)

/** The answer of a read, before its bytes are known. */
export interface Answer {
  readonly contentType: string
  /** The opaque ETag, if it is known without the bytes. Answers with the same tag have the same bytes. */
  readonly tag?: string
  /** Part of a tag that is made from the bytes. */
  readonly representation: string
  /** The base of links, if the bytes contain links. */
  readonly base?: string
  readonly headers: Readonly<Record<string, string>>
  /** The header fields that say what a browser may do with it. Default: those of an answer that is data. */
  readonly security?: Readonly<Record<string, string>>
  /** When the answer last changed. */
  readonly changed?: Instant
  readonly isImmutable: boolean
  /** For how many seconds caches may keep it, where neither a publish nor a clock changes it, and a release of the service may. */
  readonly pinnedSeconds?: number
  /** The answer holds while the clock is in `[from, until)`. */
  readonly from?: Instant
  readonly until?: Instant
  /** The `effectiveAt` of the request, if it has one: then the clock of the process changes nothing. */
  readonly timedAt?: Instant
  /** The only catalogue that the answer depends on; absent: all of them, or the parts. */
  readonly catalogue?: string
  /** Result of `stampOf()` from before the first read. If something is committed meanwhile, the answer is not served again. */
  readonly stamp?: number
  /** The site that the answer is about. */
  readonly site?: string
  /** The site and the catalogues that the answer contains, in the place of the stamp. */
  readonly parts?: readonly PartStamp[]
  /** The feeds of other catalogues that the answer contains. */
  readonly feeds?: readonly FeedStamp[]
  readonly render: () => Promise<string | Uint8Array>
}

export interface AnswerContext {
  readonly catalogues: Catalogues
  readonly writer: AnswerWriter
  readonly isPublic: boolean
}

const forEver = Number.MAX_SAFE_INTEGER

/** Answers a read: 304 if the client has the answer, otherwise the kept or freshly rendered bytes in an encoding that it accepts. */
export async function sendAnswer(
  context: AnswerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer
): Promise<FastifyReply> {
  const { catalogues, writer } = context
  const isPublic = isForAll(context, request)
  const narrowing = request.key?.catalogues
  const { isImmutable, timedAt, catalogue, from, until, stamp, parts, feeds, contentType, changed } = answer
  const isGzip = acceptsGzip(request)
  const known = answer.tag === undefined ? undefined : encodedTag(answer.tag, isGzip)
  // If the tag is known without the bytes, nothing is rendered for a client that has them.
  const client = request.raw
  const dated = changed === undefined ? {} : { modified: lastModifiedOf(changed) }
  const holdsUntil = timedAt === undefined ? (until ?? forEver) : forEver
  const isKnown =
    known !== undefined && isKnownTo(client, { etag: `"${known}"`, ...dated, until: holdsUntil }, catalogues.now())
  const { tag, key, body } = isKnown
    ? { tag: known, key: keyPrefixOf(answer, narrowing) + known, body: undefined }
    : await bytesOf(catalogues, answer, narrowing, isGzip)
  const etag = `"${tag}"`
  const prepared: PreparedAnswer = {
    etag,
    bodyKey: key,
    head: headOf(answer, etag, isPublic, isGzip),
    ...dated,
    bodyHead: ['content-type', contentType, ...Object.entries(answer.security ?? securityHeaders).flat()],
    cacheControl: cacheControl(answer, isPublic),
    from: timedAt === undefined ? (from ?? -forEver) : -forEver,
    until: holdsUntil,
    ...(!isImmutable && stamp !== undefined && { stamp }),
    ...(parts && parts.length > 0 && { parts }),
    ...(catalogue !== undefined && { catalogue }),
    ...(feeds && { feeds })
  }
  writer.write(request, reply, prepared, isKnownTo(client, prepared, catalogues.now()) ? undefined : body)
  return reply
}

function encodedTag(tag: string, isGzip: boolean): string {
  return isGzip ? gzipTag(tag) : tag
}

interface Bytes {
  readonly tag: string
  /** The key of the bytes in the cache. */
  readonly key: string
  readonly body: Uint8Array
}

/** Whether everybody may have the answer to a request, so that caches that clients share may keep it. */
export function isForAll({ isPublic }: Pick<AnswerContext, 'isPublic'>, { key }: FastifyRequest): boolean {
  return isPublic && key?.catalogues === undefined
}

/** Answers with links have other bytes for another base of links, and those to a narrowed key for another narrowing. */
function keyPrefixOf({ catalogue, site, base }: Answer, narrowing: Narrowing | undefined): string {
  const about = site === undefined ? (catalogue ?? '') : `site/${site}`
  return `${about}\n${base ?? ''}\n${narrowing ? `${narrowing.join(',')}\n` : ''}`
}

async function bytesOf(
  { cache }: Catalogues,
  answer: Answer,
  narrowing: Narrowing | undefined,
  isGzip: boolean
): Promise<Bytes> {
  const prefix = keyPrefixOf(answer, narrowing)
  if (answer.tag !== undefined) {
    const tag = encodedTag(answer.tag, isGzip)
    const kept = cache.get(renderedBytes, prefix + tag)
    if (kept) return { tag, key: prefix + tag, body: kept }
  }
  const plain =
    (answer.tag !== undefined && cache.get(renderedBytes, prefix + answer.tag)) || toBytes(await answer.render())
  const tag = encodedTag(answer.tag ?? contentTag(plain, answer.representation), isGzip)
  const body = isGzip ? await compress(plain) : plain
  cache.set(renderedBytes, prefix + tag, body)
  return { tag, key: prefix + tag, body }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

function headOf({ headers }: Answer, etag: string, isPublic: boolean, isGzip: boolean): readonly string[] {
  const vary = isPublic ? 'accept, accept-encoding' : 'accept, accept-encoding, authorization'
  const all = { etag, vary, ...(isGzip && { 'content-encoding': 'gzip' }), ...headers }
  return Object.entries(all).flat()
}

function cacheControl(
  { isImmutable, pinnedSeconds, timedAt, until }: Answer,
  isPublic: boolean
): PreparedAnswer['cacheControl'] {
  const prefix = isPublic ? '' : 'private, '
  if (pinnedSeconds !== undefined) return `${prefix}max-age=${pinnedSeconds}`
  if (isImmutable) return `${prefix}max-age=31536000, immutable`
  return timedAt === undefined ? { prefix } : movingCacheControl(prefix, timedAt, until ?? forEver)
}

/** The header fields of every answer about one catalogue, or one site. */
export function pointHeaders(point: Point, epoch: string, link: string): Record<string, string> {
  const { interval, seq } = point
  const { validFrom, validUntil } = interval
  return {
    ...revisionHeaders(point),
    ...(validFrom !== undefined && { 'portolan-valid-from': formatInstant(validFrom) }),
    ...(validUntil !== undefined && { 'portolan-valid-until': formatInstant(validUntil) }),
    ...logHeaders(seq, epoch),
    ...(link !== '' && { link })
  }
}

/** The revision of a catalogue. That of a site, and where it takes one catalogue alone, also that of the catalogue. */
function revisionHeaders(point: Point): Readonly<Record<string, string>> {
  if (!point.site) return { 'portolan-revision': String(point.revision.number) }
  const { revision, document } = point.site
  const [only] = document.catalogues.length === 1 ? point.parts : []
  return {
    'portolan-site-revision': String(revision.number),
    ...(only && { 'portolan-revision': String(only.revision.number) })
  }
}

/**
 * When the revision and those of its feeds were recorded, or the last transition if that is later. A transition in the future has modified
 * nothing yet.
 */
export function changeOf(point: Point, now: Instant): Instant {
  const { feeds = [], interval } = point
  const { validFrom } = interval
  const parts = feeds.flatMap(({ found }) => found.slice(0, 1).map(({ recordedAt }) => recordedAt))
  const recordedAt = Math.max(recordedAtOf(point), ...parts)
  return validFrom !== undefined && validFrom <= now ? Math.max(recordedAt, validFrom) : recordedAt
}
