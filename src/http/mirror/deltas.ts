import type { FastifyReply, FastifyRequest } from 'fastify'
import Type, { type Static } from 'typebox'
import type { Followers } from '../../catalogue/event/followers.ts'
import {
  type DeltaRound,
  deltaEndOf,
  deltaPageOf,
  deltaRoundOf,
  isIdle,
  nextCursor,
  roundEntries
} from '../../catalogue/mirror/delta-round.ts'
import type { Ledgers } from '../../catalogue/mirror/ledgers.ts'
import { shortHash } from '../../domain/read/etag.ts'
import { isEnding, movingCacheControl } from '../answer/cache-control.ts'
import { logHeaders } from '../answer/headers.ts'
import { readOrWait } from '../answer/read-or-wait.ts'
import { isForAll, sendAnswer } from '../answer/send-answer.ts'
import { type LinesAnswer, sendLines } from '../answer/send-lines.ts'
import { baseOf, pathOf, queryOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { preferredType } from '../request/preferred-type.ts'
import { canonicalQuery, limitOf, pageFields, queryString } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { DeltaSchema } from '../schema/delta-schema.ts'
import { awaitedHeaders } from '../schema/header-schema.ts'
import { closed, largestText, textSchema } from '../schema/schema-words.ts'
import { pageCodes, readAnswers } from '../schema/schemas.ts'
import { mirrorFields, mirrorQueryOf, typeFields } from './mirror-query.ts'

const QuerySchema = Type.Object(
  {
    ...mirrorFields,
    ...typeFields,
    limit: pageFields.limit,
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4000,
        examples: ['latest'],
        description:
          '`page.cursor` of the previous round. Without it the round has everything; with `latest` it has nothing but a cursor from which to go on'
      })
    )
  },
  closed
)

export function deltaRoutes(app: App, context: RouteContext, ledgers: Ledgers, followers: Followers): void {
  app.get(
    '/v1/delta',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'getDelta',
        summary: 'Brings a mirror up to date: everything at first, then what has changed',
        description:
          'A round is all pages from one `page.cursor` to the next. It shows one moment, whatever is published while its pages are read, and has one entry for each object that changed, also if only the clock changed its status. Cursors never expire; 410 means that the store was replaced. `Prefer: wait=30` waits until something has changed. As NDJSON the whole round comes in one answer, unless `limit` is given; the last line has the members of the answer except its items.',
        tags: ['mirror'],
        querystring: QuerySchema,
        response: readAnswers(
          'A page of a round; the whole round as NDJSON',
          {
            content: {
              'application/json': DeltaSchema,
              'application/x-ndjson': textSchema(largestText, 'One entry a line')
            }
          },
          awaitedHeaders,
          ['unknown_parameter', 'invalid_parameter', 'insufficient_scope', 'not_found', 'epoch_changed', ...pageCodes]
        )
      }
    },
    async (request, reply) => {
      const seen = seenBy(context, request)
      const { catalogues } = seen
      const query = mirrorQueryOf(request.query, catalogues)
      // Taken before anything is read: a later commit changes the stamp, and the answer is no longer current.
      const stamp = catalogues.heads.seq
      const { round } = await readOrWait(seen, followers, request, reply, {
        async read() {
          const { seq } = catalogues.heads
          return { seq, round: await deltaRoundOf(catalogues, query, request.query.cursor) }
        },
        // A client that begins at the latest mark wants the cursor at once.
        isEmpty: ({ round }) => request.query.cursor !== 'latest' && isIdle(catalogues, round),
        seqOf: ({ seq }) => seq,
        untilOf: ({ round }) => round.until
      })
      const tag = tagOf(seen, request.query, round)
      if (prefersLines(request)) {
        const isWhole = request.query.limit === undefined
        const lines = linesOf(
          seen,
          ledgers,
          request,
          round,
          isWhole ? Number.POSITIVE_INFINITY : limitOf(request.query)
        )
        return sendLines(request, reply, {
          tag: `${tag}-ndjson`,
          headers: linesHeaders(seen, request, round),
          lines,
          isEnding: !round.isFrozen && round.until !== undefined && isEnding(round.until, catalogues.now())
        })
      }
      return sendPage(seen, ledgers, request, reply, { round, tag, stamp, limit: limitOf(request.query) })
    }
  )
}

type Query = Static<typeof QuerySchema>

/** The ETag without the representation. It covers everything that an answer depends on except the base of its links. */
function tagOf({ catalogues }: RouteContext, { cursor, limit, ...query }: Query, { to }: DeltaRound): string {
  const { store, narrowing } = catalogues
  const asked = `${store.epoch}\n${canonicalQuery('delta', { ...query, narrowing })}\n${cursor ?? ''}\n${limit ?? ''}`
  return `${to.seq}-${to.instant}-${shortHash(asked)}`
}

interface Page {
  readonly round: DeltaRound
  readonly tag: string
  readonly stamp: number
  readonly limit: number
}

async function sendPage(
  context: RouteContext,
  ledgers: Ledgers,
  request: FastifyRequest,
  reply: FastifyReply,
  { round, tag, stamp, limit }: Page
): Promise<FastifyReply> {
  const { catalogues } = context
  const { epoch } = catalogues.store
  const { to, until, isFrozen } = round
  return sendAnswer(context, request, reply, {
    contentType: 'application/json; charset=utf-8',
    representation: 'json',
    tag: `${tag}-json`,
    base: baseOf(context, request),
    headers: logHeaders(to.seq, epoch),
    isImmutable: isFrozen,
    stamp,
    ...(!isFrozen && { from: to.instant }),
    ...(until !== undefined && { until }),
    async render() {
      const { entries, next, end } = await deltaPageOf(catalogues, ledgers, round, limit)
      return JSON.stringify({ items: entries, ...pageMembers(context, request, round, next, end) })
    }
  })
}

function pageMembers(
  context: RouteContext,
  request: FastifyRequest,
  { to }: DeltaRound,
  next: string | undefined,
  end: { readonly cursor: string; readonly count: number; readonly digest: string } | undefined
) {
  const { cursor = null, ...digest } = end ?? {}
  return {
    page: { next: nextUrl(context, request, next), cursor },
    seq: to.seq,
    epoch: context.catalogues.store.epoch,
    ...digest
  }
}

function nextUrl(context: RouteContext, request: FastifyRequest, cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  return `${baseOf(context, request)}${pathOf(request)}${queryString(queryOf(request), { cursor })}`
}

async function* linesOf(
  context: RouteContext,
  ledgers: Ledgers,
  request: FastifyRequest,
  round: DeltaRound,
  limit: number
): AsyncGenerator<string> {
  const { catalogues } = context
  let count = 0
  for await (const { entry, from } of roundEntries(catalogues, round)) {
    if (count === limit) {
      yield JSON.stringify(pageMembers(context, request, round, nextCursor(catalogues, round, from), undefined))
      return
    }
    yield JSON.stringify(entry)
    count += 1
  }
  yield JSON.stringify(pageMembers(context, request, round, undefined, await deltaEndOf(catalogues, ledgers, round)))
}

function linesHeaders(
  context: RouteContext,
  request: FastifyRequest,
  { to, until, isFrozen }: DeltaRound
): LinesAnswer['headers'] {
  const { catalogues } = context
  const isPublic = isForAll(context, request)
  const prefix = isPublic ? '' : 'private, '
  return {
    ...logHeaders(to.seq, catalogues.store.epoch),
    vary: isPublic ? 'accept, accept-encoding' : 'accept, accept-encoding, authorization',
    'cache-control': isFrozen
      ? `${prefix}max-age=31536000, immutable`
      : movingCacheControl(prefix, catalogues.now(), until ?? Number.MAX_SAFE_INTEGER)
  }
}

function prefersLines(request: FastifyRequest): boolean {
  return preferredType(request, ['application/json', 'application/x-ndjson']) === 'application/x-ndjson'
}
