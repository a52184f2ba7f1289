import Type from 'typebox'
import { deltaRoundOf } from '../../catalogue/mirror/delta-round.ts'
import type { Ledgers } from '../../catalogue/mirror/ledgers.ts'
import { mostBuckets } from '../../domain/mirror/ledger.ts'
import { shortHash } from '../../domain/read/etag.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { type RouteContext, seenBy } from '../answer/send-point.ts'
import { canonicalQuery } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { MirrorDigestSchema } from '../schema/delta-schema.ts'
import { readHeaders } from '../schema/header-schema.ts'
import { closed } from '../schema/schema-words.ts'
import { pageCodes, readAnswers } from '../schema/schemas.ts'
import { mirrorFields, mirrorQueryOf, typeFields } from './mirror-query.ts'

const QuerySchema = Type.Object(
  {
    ...mirrorFields,
    ...typeFields,
    buckets: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: mostBuckets,
        examples: [256],
        description: 'Number of buckets. Default: 256'
      })
    ),
    cursor: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4000,
        examples: ['latest'],
        description:
          '`page.cursor` of the last round: the digests of what its client should hold. Default: of what holds now'
      })
    )
  },
  closed
)

export function digestRoutes(app: App, context: RouteContext, ledgers: Ledgers): void {
  app.get(
    '/v1/digest',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'getDigest',
        summary: 'Count and digest of a mirror by bucket, to find where a copy differs',
        description:
          'An object is in the bucket `floor(first byte of SHA-256 of its id × buckets ÷ 256)`. Filters, catalogues and types are those of the delta.',
        tags: ['mirror'],
        querystring: QuerySchema,
        response: readAnswers('The digests of all buckets', MirrorDigestSchema, readHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found',
          'epoch_changed',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { buckets = mostBuckets, cursor, ...rest } = request.query
      const stamp = catalogues.heads.seq
      const query = mirrorQueryOf(rest, catalogues)
      const { to, held, until } = await deltaRoundOf(catalogues, query, cursor)
      const mark = held ?? to
      const { epoch } = catalogues.store
      const asked = `${epoch}\n${canonicalQuery('digest', { ...rest, buckets, narrowing: query.within })}`
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        tag: `${mark.seq}-${mark.instant}-${shortHash(asked)}-json`,
        headers: logHeaders(mark.seq, epoch),
        isImmutable: false,
        stamp,
        ...(until !== undefined && { until }),
        from: to.instant,
        async render() {
          const all = await ledgers.digestAt(query, mark)
          const each = await ledgers.bucketsAt(query, mark, buckets)
          const list = each.map((digest, bucket) => ({ bucket, ...digest }))
          return JSON.stringify({ buckets: list, ...all, seq: mark.seq, epoch })
        }
      })
    }
  )
}
