import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Slot } from '../catalogue/cache.ts'
import type { Catalogues } from '../catalogue/catalogues.ts'
import type { Point } from '../catalogue/point.ts'
import { formatInstant, type Instant } from '../domain/instant.ts'
import { contentTag, gzipTag, isNotModified } from './etag.ts'
import { securityHeaders } from './headers.ts'
import { type HotAnswer, type HotAnswers, movingCacheControl, writeAnswer } from './hot.ts'

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
  readonly render: () => Promise<string | Uint8Array>
}

export interface Answering {
  readonly catalogues: Catalogues
  readonly hot: HotAnswers
  readonly isPublic: boolean
}

const forEver = Number.MAX_SAFE_INTEGER

const rendered: Slot<Uint8Array> = { name: 'rendered', bytes: (bytes) => bytes.byteLength }

/** Answers a read: 304 where the client has it, else the kept or freshly rendered bytes, in the encoding that the client takes. */
export async function sendAnswer(
  { catalogues, hot, isPublic }: Answering,
  request: FastifyRequest,
  reply: FastifyReply,
  answer: Answer
): Promise<FastifyReply> {
  const wantsGzip = acceptsGzip(request.headers['accept-encoding'])
  const stamp = stampOf(catalogues, answer)
  const known = answer.tag === undefined ? undefined : encodedTag(answer.tag, wantsGzip)
  const isFresh = known !== undefined && isNotModified(request.headers['if-none-match'], known)
  const { tag, body } = isFresh ? { tag: known, body: undefined } : await bytesOf(catalogues, answer, wantsGzip)
  const now = catalogues.now()
  const ready: HotAnswer = {
    tag,
    body: body ?? new Uint8Array(0),
    head: headOf(answer, tag, isPublic, wantsGzip),
    contentHead: body ? contentHead(answer, body) : [],
    cacheControl: cacheControl(answer, isPublic),
    from: answer.timedAt === undefined ? (answer.from ?? Number.MIN_SAFE_INTEGER) : Number.MIN_SAFE_INTEGER,
    until: answer.timedAt === undefined ? (answer.until ?? forEver) : forEver,
    isCurrent: () => answer.isImmutable || stampOf(catalogues, answer) === stamp
  }
  if (body) hot.remember(request, ready)
  reply.hijack()
  writeAnswer(request, reply, ready, now)
  return reply
}

/** Changes whenever something that the answer depends on was committed. */
function stampOf({ heads }: Catalogues, { catalogue }: Answer): number {
  return catalogue === undefined ? heads.seq : (heads.get(catalogue)?.seq ?? 0)
}

function encodedTag(tag: string, wantsGzip: boolean): string {
  return wantsGzip ? gzipTag(tag) : tag
}

async function bytesOf(
  { cache }: Catalogues,
  answer: Answer,
  wantsGzip: boolean
): Promise<{ readonly tag: string; readonly body: Uint8Array }> {
  if (answer.tag === undefined) {
    const plain = toBytes(await answer.render())
    const tag = contentTag(plain, answer.representation)
    return { tag: encodedTag(tag, wantsGzip), body: wantsGzip ? await compress(plain) : plain }
  }
  const key = `${answer.catalogue ?? ''}\n${answer.base ?? ''}\n${answer.tag}`
  const tag = encodedTag(answer.tag, wantsGzip)
  const kept = cache.get(rendered, wantsGzip ? gzipTag(key) : key)
  if (kept) return { tag, body: kept }
  let plain = cache.get(rendered, key)
  if (!plain) {
    plain = toBytes(await answer.render())
    if (!wantsGzip) cache.set(rendered, key, plain)
  }
  if (!wantsGzip) return { tag, body: plain }
  const body = await compress(plain)
  cache.set(rendered, gzipTag(key), body)
  return { tag, body }
}

function toBytes(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}

function headOf({ headers }: Answer, tag: string, isPublic: boolean, isGzip: boolean): readonly string[] {
  const vary = isPublic ? 'accept, accept-encoding' : 'accept, accept-encoding, authorization'
  const all = { etag: `"${tag}"`, vary, ...(isGzip && { 'content-encoding': 'gzip' }), ...headers, ...securityHeaders }
  return Object.entries(all).flat()
}

function contentHead({ contentType }: Answer, body: Uint8Array): readonly string[] {
  return ['content-type', contentType, 'content-length', String(body.byteLength)]
}

function cacheControl({ isImmutable, timedAt, until }: Answer, isPublic: boolean): HotAnswer['cacheControl'] {
  const prefix = isPublic ? '' : 'private, '
  if (isImmutable) return `${prefix}max-age=31536000, immutable`
  return timedAt === undefined ? { prefix } : movingCacheControl(prefix, timedAt, until ?? forEver)
}

/** `gzip` is listed, or `*`, with a quality above 0. RFC 9110 section 12.5.3. */
export function acceptsGzip(header: string | undefined): boolean {
  if (header === undefined) return false
  const qualities = new Map(
    header.split(',').map((item) => {
      const [name = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
      const quality = parameters.find((parameter) => parameter.startsWith('q='))
      return [name, quality === undefined ? 1 : Number(quality.slice(2))]
    })
  )
  return (qualities.get('gzip') ?? qualities.get('*') ?? 0) > 0
}

/** The header fields of every answer about one catalogue. */
export function pointHeaders(point: Point, epoch: string, now: Instant, link: string): Record<string, string> {
  const { revision, interval, seq } = point
  const { validFrom, validUntil } = interval
  return {
    'portolan-revision': String(revision.number),
    ...(validFrom !== undefined && { 'portolan-valid-from': formatInstant(validFrom) }),
    ...(validUntil !== undefined && { 'portolan-valid-until': formatInstant(validUntil) }),
    'portolan-seq': String(seq),
    'portolan-epoch': epoch,
    'last-modified': new Date(lastModified(point, now)).toUTCString(),
    ...(link !== '' && { link })
  }
}

/** The later of the record and the last transition; one that lies ahead has modified nothing yet. */
function lastModified({ revision, interval: { validFrom } }: Point, now: Instant): Instant {
  return validFrom !== undefined && validFrom <= now ? Math.max(revision.recordedAt, validFrom) : revision.recordedAt
}
