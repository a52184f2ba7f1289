import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { requireInstant } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { type ClocksQuery, cursorAfter, cursorOf, limitOf, type PageQuery } from '../request/query.ts'
import { logHeaders } from './headers.ts'
import { type PageLinks, pageLinks } from './paging.ts'
import { sendAnswer } from './send-answer.ts'
import { baseOf, type RouteContext, seenBy } from './send-point.ts'

/** A page of a list over several catalogues: all pages show the log and the instant at which the run began. */
export interface SharedPage {
  /** The catalogues that the asker may see. */
  readonly catalogues: Catalogues
  /** `seq`: what had been logged; `asOf`: what had been published; `instant`: what holds. */
  readonly clocks: { readonly seq: number; readonly instant: Instant; readonly asOf?: Instant }
  readonly offset: number
  readonly limit: number
  /** The seq of the newest event, from before the first read. */
  readonly stamp: number
  /** Whether the query or the run says for which instant it asks, so that the clock does not. */
  readonly isTimed: boolean
  /** Names the page run. A cursor of another run is refused. */
  readonly run: string
}

/**
 * The page that a query asks for. `name`: the query without its clocks.
 * @throws PortolanError `cursor_invalid`, `cursor_mismatch`, `invalid_instant`
 */
export function sharedPage(
  context: RouteContext,
  request: FastifyRequest,
  query: ClocksQuery & PageQuery,
  name: string,
  limit = limitOf(query)
): SharedPage {
  const { catalogues } = seenBy(context, request)
  const { asOf, effectiveAt } = query
  const run = `${name}\n${asOf ?? ''}\n${effectiveAt ?? ''}`
  const cursor = cursorOf(query, run)
  const stamp = catalogues.heads.seq
  const published = asOf === undefined ? undefined : requireInstant(asOf, 'asOf')
  const effective = effectiveAt === undefined ? undefined : requireInstant(effectiveAt, 'effectiveAt')
  const instant = cursor?.instant ?? effective ?? catalogues.now()
  return {
    catalogues,
    clocks: { seq: cursor?.point ?? stamp, instant, ...(published !== undefined && { asOf: published }) },
    offset: cursor?.offset ?? 0,
    limit,
    stamp,
    isTimed: effective !== undefined || cursor !== undefined,
    run
  }
}

/** The links of a page. `hasMore`: whether something follows it. */
export function sharedPageLinks(
  context: RouteContext,
  request: FastifyRequest,
  { clocks: { seq, instant }, offset, limit, run }: SharedPage,
  hasMore: boolean
): PageLinks {
  const next = () => cursorAfter(run, { point: seq, instant, offset: offset + limit })
  return pageLinks(context, request, hasMore ? next() : undefined)
}

export interface SharedItems {
  readonly items: readonly unknown[]
  readonly hasMore: boolean
  /** When the clock changes what the page says; absent: never. */
  readonly validUntil?: Instant | undefined
}

/** Answers a read with a page. */
export function sendSharedPage(
  context: RouteContext,
  request: FastifyRequest,
  reply: FastifyReply,
  shared: SharedPage,
  { items, hasMore, validUntil }: SharedItems
): Promise<FastifyReply> {
  const { catalogues, clocks, stamp, isTimed } = shared
  const { page, link } = sharedPageLinks(context, request, shared, hasMore)
  return sendAnswer(context, request, reply, {
    contentType: 'application/json; charset=utf-8',
    representation: 'json',
    base: baseOf(context, request),
    headers: { ...logHeaders(clocks.seq, catalogues.store.epoch), ...(link !== undefined && { link }) },
    isImmutable: false,
    stamp,
    from: clocks.instant,
    ...(validUntil !== undefined && { until: validUntil }),
    ...(isTimed && { timedAt: clocks.instant }),
    render: async () => JSON.stringify({ items, page })
  })
}
