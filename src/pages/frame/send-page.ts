import type { FastifyReply, FastifyRequest } from 'fastify'
import { productName } from '../../catalogue/heads.ts'
import { type CataloguePoint, mementoInstant, requireHead } from '../../catalogue/read/point.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { logHeaders } from '../../http/answer/headers.ts'
import { sendAnswer } from '../../http/answer/send-answer.ts'
import { baseOf, pathOf, queryOf, seenBy, sendPoint } from '../../http/answer/send-point.ts'
import type { SharedPage } from '../../http/answer/shared-page.ts'
import { canonicalQuery, pinParameters, queryString } from '../../http/request/query.ts'
import { dayOf } from '../template/date-text.ts'
import { frameOf, type PageFrame } from './frame.ts'
import type { PageContext } from './page.ts'
import { pageAnswer, pageSecurity, pinnedSeconds, varyOf } from './page-headers.ts'
import { pagePrefix } from './prefix.ts'

/** What a template gets beside the frame. */
export interface Content {
  /** The text of `h1`, and the beginning of that of `title`. */
  readonly title: string
  readonly [name: string]: unknown
}

interface PageFacts {
  /** The path of the page as its route has it. */
  readonly page: string
  readonly template: `@${string}`
  /** The path of the same read of REST. It takes the parameters of the page. */
  readonly twin?: string
  /** Whether it says the same at any time, so that it has no clocks. */
  readonly isTimeless?: boolean
}

interface CataloguePageFacts extends PageFacts {
  readonly point: CataloguePoint
  /** Which part of a list it shows, where it is paged. */
  readonly part?: string
  /** Parameters of the pinned page and of the twin that differ from those of the page, such as the two sides of a comparison. */
  readonly pins?: Readonly<Record<string, string | undefined>>
  /** Parameters of the twin that differ from those of the page. Default: those of `pins`. */
  readonly twinPins?: Readonly<Record<string, string | undefined>>
  /** The seq of the newest event of all catalogues from before the first read, where the page says something of others too: then no URL pins it. */
  readonly allStamp?: number
  /** Made only where the client does not have the page. */
  readonly content: (frame: PageFrame) => Promise<Content>
}

/** How many issues one can choose from. */
const mostIssues = 200

/** Answers with a page about one catalogue at a point: tag, header fields and validity are those of the same read of REST. */
export function sendCataloguePage(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { page, template, twin, point, part = '', pins = {}, twinPins = pins, allStamp, content }: CataloguePageFacts
): Promise<FastifyReply> {
  const { catalogues } = seenBy(context, request)
  const id = point.revision.catalogue
  const head = requireHead(catalogues, id)
  const query = queryOf(request)
  const base = baseOf(context, request)
  const pinned = { ...pinParameters(point, mementoInstant(point)), cursor: undefined, ...pins }
  return sendPoint(context, request, reply, {
    ...pageAnswer,
    pinnedSeconds,
    point,
    // What is printed beside the view: the clocks as they were asked for, the issues that there are, and the layout of this release.
    query: [
      canonicalQuery(page, query),
      query.asOf,
      query.effectiveAt,
      part,
      head.revision.number,
      context.templates.release
    ].join('\n'),
    headers: varyOf(context.isPublic),
    hasLinks: true,
    pins,
    ...(allStamp !== undefined && { allStamp, isContentTagged: true, hasMemento: false }),
    render: async () => {
      const prefix = pagePrefix(context, request)
      const path = pathOf(request)
      const frame = frameOf(context, { prefix, title: '', current: page, clocks: query, catalogue: id })
      const made = await content(frame)
      return context.templates.render(template, {
        ...made,
        frame: {
          ...frame,
          title: `${made.title} · ${productName(head)}`,
          feed: frame.links.plain(`/v1/catalogues/${id}/feed.atom`),
          clocks: {
            action: frame.links.plain(path),
            others: otherParameters(query),
            issues: await issuesOf(context, point, query.asOf !== undefined),
            asOf: textOf(query.asOf),
            effectiveAt: textOf(query.effectiveAt),
            instants: point.revision.transitions.map(formatInstant)
          },
          ...notNowOf(query, frame.links.plain(path), point),
          source: {
            revision: point.revision,
            ...(allStamp === undefined && { pinned: `${base}${path}${queryString(query, pinned)}` }),
            ...(twin !== undefined && {
              json: `${base}${twin}${queryString(query, { cursor: undefined, limit: undefined, ...twinPins })}`
            })
          }
        }
      })
    }
  })
}

/** What a page over several catalogues shows, and until when. */
interface SharedContent {
  readonly content: (frame: PageFrame) => Promise<Content>
  readonly validUntil?: Instant | undefined
}

/** Answers with a page over all catalogues. */
export function sendListPage(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  {
    page,
    template,
    twin,
    shared,
    content,
    validUntil,
    isTimeless = false
  }: PageFacts & SharedContent & { readonly shared: SharedPage }
): Promise<FastifyReply> {
  const { catalogues, clocks, stamp, isTimed } = shared
  const base = baseOf(context, request)
  return sendAnswer(context, request, reply, {
    ...pageAnswer,
    base,
    headers: { ...logHeaders(clocks.seq, catalogues.store.epoch), ...varyOf(context.isPublic) },
    isImmutable: false,
    stamp,
    from: clocks.instant,
    ...(validUntil !== undefined && { until: validUntil }),
    ...(isTimed && { timedAt: clocks.instant }),
    render: () =>
      sharedHtml(context, request, { page, template, content, isTimeless, ...(twin !== undefined && { twin }) })
  })
}

/** Answers with a page that nobody keeps: it depends on a form, or says that something cannot be read. */
export async function sendUnkeptPage(
  context: PageContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { status = 200, ...facts }: PageFacts & Pick<SharedContent, 'content'> & { readonly status?: number }
): Promise<FastifyReply> {
  const html = await sharedHtml(context, request, facts)
  return reply
    .code(status)
    .headers({ ...pageSecurity, ...varyOf(context.isPublic), 'cache-control': 'no-store' })
    .type(pageAnswer.contentType)
    .send(html)
}

async function sharedHtml(
  context: PageContext,
  request: FastifyRequest,
  { page, template, twin, isTimeless = false, content }: PageFacts & Pick<SharedContent, 'content'>
): Promise<string> {
  const query = queryOf(request)
  const path = pathOf(request)
  const frame = frameOf(context, { prefix: pagePrefix(context, request), title: '', current: page, clocks: query })
  const made = await content(frame)
  return context.templates.render(template, {
    ...made,
    frame: {
      ...frame,
      title: `${made.title} · Portolan`,
      q: textOf(query.q),
      feed: frame.links.plain('/v1/feed.atom'),
      ...(!isTimeless && {
        clocks: {
          action: frame.links.plain(path),
          others: otherParameters(query),
          asOf: textOf(query.asOf),
          effectiveAt: textOf(query.effectiveAt),
          instants: []
        },
        ...notNowOf(query, frame.links.plain(path))
      }),
      source: {
        ...(twin !== undefined && {
          json: `${baseOf(context, request)}${twin}${queryString(query, { cursor: undefined, limit: undefined })}`
        })
      }
    }
  })
}

function textOf(value: unknown): string {
  return value === undefined ? '' : String(value)
}

/** The parameters that the form of the clocks sends along. */
function otherParameters(query: Readonly<Record<string, unknown>>): readonly (readonly [string, string])[] {
  return Object.entries(query)
    .filter(([name]) => !['asOf', 'effectiveAt', 'cursor'].includes(name))
    .flatMap(([name, value]) => [value].flat().map((item) => [name, String(item)] as const))
}

async function issuesOf(
  { catalogues: { store } }: PageContext,
  { revision: { catalogue, number } }: CataloguePoint,
  isChosen: boolean
) {
  const issues = await store.revisions(catalogue, { from: Number.MAX_SAFE_INTEGER, limit: mostIssues })
  return issues.map((issue) => ({
    value: String(issue.number),
    text: `${issue.label}, ${dayOf(issue.publishedAt).text}`,
    isChosen: isChosen && issue.number === number
  }))
}

/** The sentence over a page whose clocks are set. Without a point, the page is over all catalogues. */
function notNowOf(
  query: Readonly<Record<string, unknown>>,
  now: string,
  point?: CataloguePoint
): Pick<PageFrame, 'notNow'> {
  const { asOf, effectiveAt } = query
  if (asOf === undefined && effectiveAt === undefined) return {}
  const when = effectiveAt === undefined ? 'now' : `on ${exactText(String(effectiveAt))}`
  const knew = point
    ? `, as issue ${point.revision.label} knew it`
    : asOf === undefined
      ? ''
      : `, as it was known on ${exactText(String(asOf))}`
  return { notNow: { text: `This is how it stands ${when}${knew}`, now } }
}

/** `21 Nov 2018 23:59:59 UTC`, to the second. The clock was read before, so the text is an instant. */
function exactText(text: string): string {
  const iso = formatInstant(Date.parse(text))
  return `${dayOf(iso).text} ${iso.slice(11).replace('Z', '')} UTC`
}
