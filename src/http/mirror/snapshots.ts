import Type from 'typebox'
import { markNow, selectedHeads } from '../../catalogue/mirror/catalogue-at-mark.ts'
import type { Ledgers } from '../../catalogue/mirror/ledgers.ts'
import { snapshotAt } from '../../catalogue/mirror/snapshot.ts'
import type { MirrorType } from '../../domain/mirror/mirror.ts'
import { shortHash } from '../../domain/read/etag.ts'
import { type SnapshotType, shapeNames, shapeSnapshot, snapshotTypes } from '../../render/mirror/shapes.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { type RouteContext, seenBy } from '../answer/send-point.ts'
import { canonicalQuery } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { readHeaders } from '../schema/header-schema.ts'
import { closed, oneOfWords } from '../schema/schema-words.ts'
import { readAnswers } from '../schema/schemas.ts'
import { SnapshotSchema } from '../schema/snapshot-schema.ts'
import { mirrorFields, mirrorQueryOf } from './mirror-query.ts'

const one = `(?:${snapshotTypes.join('|')})`
const ParamsSchema = Type.Object(
  {
    types: Type.String({
      pattern: `^${one}(?:,${one}){0,2}$`,
      maxLength: 100,
      examples: ['endpoints', 'requirements,endpoints'],
      description:
        'Types of objects: `catalogues`, `requirements` or `endpoints`, or several of them separated by commas'
    })
  },
  closed
)
const QuerySchema = Type.Object(
  {
    ...mirrorFields,
    shape: Type.Optional({
      ...oneOfWords(shapeNames, 'The form of the rows, for a tool. Default: `flat`, as in the delta'),
      examples: ['netbox']
    })
  },
  closed
)

const mirrorTypeOf: Readonly<Record<SnapshotType, MirrorType>> = {
  catalogues: 'catalogue',
  requirements: 'requirement',
  endpoints: 'endpoint'
}

export function snapshotRoutes(app: App, context: RouteContext, ledgers: Ledgers): void {
  app.get(
    '/v1/snapshot/:types',
    {
      config: { access: 'read', grows: 'catalogues' },
      schema: {
        operationId: 'getSnapshot',
        summary: 'Everything in one answer, for tools that compare two complete data sets',
        description:
          'Never paged. `count` and `digest` are those of the delta with the same types. There are shapes for NetBox, Diode, DiffSync (Nautobot SSoT), infrahub-sync and ServiceNow. Tools that cannot delete should use `status=all`, so that the end of a lifetime reaches them as a status.',
        tags: ['mirror'],
        params: ParamsSchema,
        querystring: QuerySchema,
        response: readAnswers('All rows', SnapshotSchema, readHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { shape = 'flat', ...rest } = request.query
      const stamp = catalogues.heads.seq
      const types = snapshotTypes.filter((type) => request.params.types.split(',').includes(type))
      const query = { ...mirrorQueryOf(rest, catalogues), types: types.map((type) => mirrorTypeOf[type]) }
      const { until, ...mark } = markNow(selectedHeads(catalogues, query), catalogues.now())
      const { epoch } = catalogues.store
      const asked = `${epoch}\n${canonicalQuery('snapshot', { ...rest, shape, narrowing: query.within })}\n${types.join(',')}`
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        tag: `${mark.seq}-${mark.instant}-${shortHash(asked)}-json`,
        headers: logHeaders(mark.seq, epoch),
        isImmutable: false,
        stamp,
        from: mark.instant,
        ...(until !== undefined && { until }),
        async render() {
          const rows = shapeSnapshot(shape, types, await snapshotAt(catalogues, query, mark))
          return JSON.stringify({ ...rows, ...(await ledgers.digestAt(query, mark)), seq: mark.seq, epoch })
        }
      })
    }
  )
}
