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
import { logHeaders } from '../answer/headers.ts'
import { movingCacheControl } from '../answer/hot-answers.ts'
import { readOrWait } from '../answer/read-or-wait.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { type LinesAnswer, sendLines } from '../answer/send-lines.ts'
import { baseOf, pathOf, queryOf, type RouteContext } from '../answer/send-point.ts'
import { preferredType } from '../request/preferred-type.ts'
import { canonicalQuery, limitOf, pageFields, queryString } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { DeltaSchema } from '../schema/delta-schema.ts'
import { awaitedHeaders } from '../schema/header-schema.ts'
import { largestText, strict, textSchema } from '../schema/schema-words.ts'
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
          'Where the client stands, from `page.cursor` of the round before. Without it: everything. `latest`: nothing but a cursor, from now on'
      })
    )
  },
  strict
)

export function deltaRoutes(app: App, routing: RouteContext, ledgers: Ledgers, followers: Followers): void {
  const { catalogues } = routing

  app.get(
    '/v1/delta',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getDelta',
        summary: 'What a mirror has to do to be right: everything at first, then what differs',
        description:
          'A round is of one moment, whatever is published while its pages are read. One entry for each object; `retired` and every other status come by the clock alone. Cursors never expire: 410 only where the store is another one. `Prefer: wait=30` waits while there is nothing to say. As NDJSON the whole round comes at once, unless `limit` is given; the last line is the answer without its items.',
        tags: ['mirror'],
        querystring: QuerySchema,
        response: readAnswers(
          'A page of a round; as NDJSON all of it',
          {
            content: {
              'application/json': DeltaSchema,
              'application/x-ndjson': textSchema(largestText, 'An entry a line')
            }
          },
          awaitedHeaders,
          [
            'unknown_parameter',
            'invalid_parameter',
            'insufficient_scope',
            'not_found',
            'cursor_epoch_changed',
            ...pageCodes
          ]
        )
      }
    },
    async (request, reply) => {
      const query = mirrorQueryOf(request.query)
      // Before anything is read: what is committed meanwhile makes the answer old.
      const stamp = catalogues.heads.seq
      const { round } = await readOrWait(routing, followers, request, reply, {
        async read() {
          const { seq } = catalogues.heads
          return { seq, round: await deltaRoundOf(catalogues, query, request.query.cursor) }
        },
        // Who begins with the latest mark has nothing to wait for.
        isEmpty: ({ round }) => request.query.cursor !== 'latest' && isIdle(catalogues, round),
        seqOf: ({ seq }) => seq,
        untilOf: ({ round }) => round.until
      })
      const tag = tagOf(routing, request.query, round)
      if (prefersLines(request)) {
        const isWhole = request.query.limit === undefined
        const lines = linesOf(
          routing,
          ledgers,
          request,
          round,
          isWhole ? Number.POSITIVE_INFINITY : limitOf(request.query)
        )
        return sendLines(request, reply, { tag: `${tag}-ndjson`, headers: linesHeaders(routing, round), lines })
      }
      return sendPage(routing, ledgers, request, reply, { round, tag, stamp, limit: limitOf(request.query) })
    }
  )
}

type Query = Static<typeof QuerySchema>

/** All that an answer depends on, but for its representation and the base of its links. */
function tagOf({ catalogues }: RouteContext, { cursor, limit, ...query }: Query, { to }: DeltaRound): string {
  const asked = `${catalogues.store.epoch}\n${canonicalQuery('delta', query)}\n${cursor ?? ''}\n${limit ?? ''}`
  return `${to.seq}-${to.instant}-${shortHash(asked)}`
}

interface Page {
  readonly round: DeltaRound
  readonly tag: string
  readonly stamp: number
  readonly limit: number
}

async function sendPage(
  routing: RouteContext,
  ledgers: Ledgers,
  request: FastifyRequest,
  reply: FastifyReply,
  { round, tag, stamp, limit }: Page
): Promise<FastifyReply> {
  const { catalogues } = routing
  const { epoch } = catalogues.store
  const { to, until, isFrozen } = round
  return sendAnswer(routing, request, reply, {
    contentType: 'application/json; charset=utf-8',
    representation: 'json',
    tag: `${tag}-json`,
    base: baseOf(routing, request),
    headers: logHeaders(to.seq, epoch),
    isImmutable: isFrozen,
    stamp,
    ...(!isFrozen && { from: to.instant }),
    ...(until !== undefined && { until }),
    async render() {
      const { entries, next, end } = await deltaPageOf(catalogues, ledgers, round, limit)
      return JSON.stringify({ items: entries, ...ending(routing, request, round, next, end) })
    }
  })
}

function ending(
  routing: RouteContext,
  request: FastifyRequest,
  { to }: DeltaRound,
  next: string | undefined,
  end: { readonly cursor: string; readonly count: number; readonly digest: string } | undefined
) {
  const { cursor = null, ...digest } = end ?? {}
  return {
    page: { next: nextUrl(routing, request, next), cursor },
    seq: to.seq,
    epoch: routing.catalogues.store.epoch,
    ...digest
  }
}

function nextUrl(routing: RouteContext, request: FastifyRequest, cursor: string | undefined): string | null {
  if (cursor === undefined) return null
  return `${baseOf(routing, request)}${pathOf(request)}${queryString(queryOf(request), { cursor })}`
}

async function* linesOf(
  routing: RouteContext,
  ledgers: Ledgers,
  request: FastifyRequest,
  round: DeltaRound,
  limit: number
): AsyncGenerator<string> {
  const { catalogues } = routing
  let count = 0
  for await (const { entry, from } of roundEntries(catalogues, round)) {
    if (count === limit) {
      yield JSON.stringify(ending(routing, request, round, nextCursor(catalogues, round, from), undefined))
      return
    }
    yield JSON.stringify(entry)
    count += 1
  }
  yield JSON.stringify(ending(routing, request, round, undefined, await deltaEndOf(catalogues, ledgers, round)))
}

function linesHeaders(
  { catalogues, isPublic }: RouteContext,
  { to, until, isFrozen }: DeltaRound
): LinesAnswer['headers'] {
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
