import type { FastifyReply, FastifyRequest } from 'fastify'
import { narrowedTo } from '../../catalogue/narrowed.ts'
import { feedFacts } from '../../catalogue/read/feed-parts.ts'
import { feedStampsOf } from '../../catalogue/read/feed-stamp.ts'
import { partFacts, partStampsOf } from '../../catalogue/read/part-stamp.ts'
import { mementoInstant, type Point } from '../../catalogue/read/point.ts'
import { tagOf } from '../../domain/read/etag.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Shares } from '../limit/shares.ts'
import { pinParameters, queryString, revisionParameters } from '../request/query.ts'
import { type AnswerContext, changeOf, pointHeaders, sendAnswer } from './send-answer.ts'

/** The context of every route. */
export interface RouteContext extends AnswerContext {
  /** The connections that may stay open. */
  readonly shares: Shares
  /** The base of links; absent: taken from the request. */
  readonly publicUrl?: string
  /** Whether there are pages for people, to which feeds and calendars lead. */
  readonly hasPages: boolean
  /** The base of links of the request that a thread answers. */
  readonly forwardedBase?: () => string
  /** Takes, in a thread, what a read that may wait has to wait for; absent: it waits here. */
  readonly onEmptyPoll?: (poll: EmptyPoll) => void
}

/** A read had nothing to say: it is worth reading again after this event, or from this instant on. */
export interface EmptyPoll {
  readonly seq: number
  readonly until?: Instant
}

/** The base of links: as configured, or the address that the client used. */
export function baseOf({ publicUrl, forwardedBase }: RouteContext, request: FastifyRequest): string {
  return forwardedBase?.() ?? publicUrl ?? request.client.base
}

/** The context as the key of a request sees it: one that is narrowed to catalogues sees no other. */
export function seenBy<Context extends RouteContext>(context: Context, { key }: FastifyRequest): Context {
  if (key?.catalogues === undefined) return context
  return { ...context, catalogues: narrowedTo(key.catalogues, context.catalogues) }
}

/** The path of a request without its query. */
export function pathOf({ url }: FastifyRequest): string {
  const mark = url.indexOf('?')
  return mark === -1 ? url : url.slice(0, mark)
}

export interface PointRead {
  readonly point: Point
  /** The canonical query without clocks. It also names the operation. */
  readonly query: string
  readonly representation: string
  readonly contentType: string
  /** True for a document or a history, which do not depend on `effectiveAt`. */
  readonly isTimeless?: boolean
  /** Whether the answer has a pinned URL. Default: true. */
  readonly hasMemento?: boolean
  /** Whether the tag is made from the bytes. */
  readonly isContentTagged?: boolean
  /** Parameters of the pinned URL that differ from those of the request. */
  readonly pins?: Readonly<Record<string, string | undefined>>
  /** A link beside the one to the memento. */
  readonly link?: string | undefined
  /** When the answer last changed, if that does not follow from the point. */
  readonly changed?: Instant
  /** Header fields beside those that follow from the point. */
  readonly headers?: Readonly<Record<string, string>>
  /** For how many seconds caches may keep it at its pinned URL, where a release of the service changes it. Absent: for ever. */
  readonly pinnedSeconds?: number
  /** The header fields that say what a browser may do with it. Default: those of an answer that is data. */
  readonly security?: Readonly<Record<string, string>>
  /** The seq of the newest event of all catalogues from before the first read, where the answer depends on others too: then no URL pins it. */
  readonly allStamp?: number
  /** Whether the bytes contain links. */
  readonly hasLinks?: boolean
  readonly render: () => Promise<string | Uint8Array>
}

/** Answers a read of one catalogue, or one site, at one point. Tag, header fields and validity of the answer follow from the point. */
export async function sendPoint(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  read: PointRead
): Promise<FastifyReply> {
  const { point, query, representation, contentType, isTimeless = false, render } = read
  const { catalogues } = context
  const { security, pinnedSeconds } = read
  const { validFrom, validUntil } = point.interval
  const allStamp = read.allStamp ?? point.allSeq
  const feeds = feedStampsOf(point)
  const facts = [query, partFacts(point), feedFacts(point)].filter((fact) => fact !== '').join('\n')
  const isImmutable = point.isPinned && (isTimeless || point.isTimed) && allStamp === undefined
  const base = baseOf(context, request)
  // A timeless answer has no transitions, so its tag and header fields must not change with one.
  const shown = isTimeless ? { ...point, interval: {} } : point
  const memento =
    isImmutable || read.hasMemento === false ? undefined : `<${mementoUrl(base, request, read)}>; rel="memento"`
  const links = [memento, read.link].filter((link) => link !== undefined).join(', ')
  return sendAnswer(context, request, reply, {
    contentType,
    representation,
    ...(!read.isContentTagged && {
      tag: tagOf({
        revision: (point.site ?? point).revision,
        ...(validFrom !== undefined && !isTimeless && { transition: validFrom }),
        query: facts,
        representation
      })
    }),
    ...(read.hasLinks && { base }),
    headers: { ...pointHeaders(shown, catalogues.store.epoch, links), ...read.headers },
    changed: read.changed ?? changeOf(shown, catalogues.now()),
    isImmutable: isImmutable && pinnedSeconds === undefined,
    ...(isImmutable && pinnedSeconds !== undefined && { pinnedSeconds }),
    ...(security && { security }),
    ...(isTimeless
      ? {}
      : {
          ...(validFrom !== undefined && { from: validFrom }),
          ...(validUntil !== undefined && { until: validUntil })
        }),
    ...(point.isTimed && !isTimeless && { timedAt: point.instant }),
    ...dependenciesOf(point, allStamp),
    ...(feeds.length > 0 && { feeds }),
    render
  })
}

/** What must not have changed for the answer to be given again, beside feeds. */
function dependenciesOf(point: Point, allStamp: number | undefined) {
  const site = point.site && { site: point.site.revision.site }
  if (allStamp !== undefined) return { ...site, stamp: allStamp }
  return point.site
    ? { ...site, parts: partStampsOf(point) }
    : { catalogue: point.revision.catalogue, stamp: point.headSeq }
}

function mementoUrl(base: string, request: FastifyRequest, { point, isTimeless, pins }: PointRead): string {
  const clocks = isTimeless ? revisionParameters(point) : pinParameters(point, mementoInstant(point))
  return `${base}${pathOf(request)}${queryString(queryOf(request), { ...clocks, cursor: undefined, ...pins })}`
}

/** The parsed query. Fastify types it by the schema of a route; who copies it needs only names and values. */
export function queryOf({ query }: FastifyRequest): Readonly<Record<string, unknown>> {
  return query as Record<string, unknown>
}
