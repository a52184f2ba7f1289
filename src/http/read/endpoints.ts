import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { viewOf } from '../../catalogue/read/view.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { columnsOf, countRows, type FlatRow, flatRows, type RowColumns } from '../../render/export/flat-rows.ts'
import { renderCsv } from '../../render/formats/csv.ts'
import { renderJsonLines } from '../../render/formats/json-lines.ts'
import { feedHeaders } from '../answer/headers.ts'
import { nextPage, subjectPage } from '../answer/paging.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { preferredType } from '../request/preferred-type.ts'
import { canonicalQuery, PagedViewQuerySchema } from '../request/query.ts'
import {
  ofSubject,
  subjectHeaders,
  subjectKinds,
  subjectOf,
  subjectParams,
  subjectPaths,
  subjectQuery
} from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { FlatRowSchema } from '../schema/endpoint-schema.ts'
import { viewPartHeaders } from '../schema/header-schema.ts'
import { largestText, textSchema } from '../schema/schema-words.ts'
import { pageCodes, pageSchema, readAnswers, readCodes } from '../schema/schemas.ts'

const contentTypes = {
  json: 'application/json; charset=utf-8',
  csv: 'text/csv; charset=utf-8; header=present',
  ndjson: 'application/x-ndjson; charset=utf-8'
} as const
type Format = keyof typeof contentTypes

const queryFields = {
  ...PagedViewQuerySchema.properties,
  format: Type.Optional(
    Type.Unsafe<Format>({
      type: 'string',
      enum: Object.keys(contentTypes),
      description: 'Takes precedence over `Accept`',
      examples: ['csv']
    })
  )
}
const operationIds = { catalogue: 'listEndpoints', site: 'listSiteEndpoints' } as const

export function endpointRoutes(app: App, context: RouteContext): void {
  for (const kind of subjectKinds)
    app.get(
      `${subjectPaths[kind]}/endpoints`,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          operationId: operationIds[kind],
          summary: ofSubject(kind, 'Flat rows, one for each requirement, service, port range and endpoint'),
          description:
            'A requirement without endpoints has a row for each service and port range, without the fields of an endpoint. CSV and NDJSON are not paged unless `limit` is given.',
          tags: ['catalogues'],
          params: subjectParams(kind, {}),
          querystring: subjectQuery(kind, queryFields),
          response: readAnswers(
            'A page of rows; all rows as CSV or NDJSON',
            {
              content: {
                'application/json': pageSchema(FlatRowSchema, 'EndpointPage'),
                'text/csv': textSchema(
                  largestText,
                  'RFC 4180, with a header; lists of words are joined by spaces, and what has more structure is JSON'
                ),
                'application/x-ndjson': textSchema(largestText, 'One row a line, the same as in JSON')
              }
            },
            subjectHeaders(kind, viewPartHeaders),
            [...readCodes, ...pageCodes]
          )
        }
      },
      async (request, reply) => {
        const format = request.query.format ?? preferredFormat(request)
        const query = canonicalQuery('endpoints', { ...request.query, format })
        const seen = seenBy(context, request)
        const paged = await subjectPage(seen, subjectOf(request), request.query, query)
        const view = await viewOf(seen.catalogues, paged.point, filterOf(request.query))
        const isWhole = format !== 'json' && request.query.limit === undefined && request.query.cursor === undefined
        const { offset, limit } = isWhole ? { offset: 0, limit: Number.MAX_SAFE_INTEGER } : paged
        const { page, link } = nextPage(context, request, { ...paged, offset, limit }, countRows(view))
        const rows = () => pageRows(flatRows(view), offset, limit)
        return sendPoint(context, request, reply, {
          point: paged.point,
          query: `${query}\n${offset}\n${limit}`,
          representation: format,
          contentType: contentTypes[format],
          pins: { format, cursor: request.query.cursor },
          link,
          ...feedHeaders(view.feeds),
          hasLinks: format === 'json',
          render: async () => renderers[format](rows(), page, columnsOf(view))
        })
      }
    )
}

const renderers: Readonly<Record<Format, (rows: Iterable<FlatRow>, page: object, columns: RowColumns) => string>> = {
  json: (rows, page) => JSON.stringify({ items: [...rows], page }),
  csv: (rows, _page, columns) => renderCsv(rows, columns),
  ndjson: renderJsonLines
}

const formatOf = { 'application/json': 'json', 'text/csv': 'csv', 'application/x-ndjson': 'ndjson' } as const

/** The format that the client prefers; JSON if it accepts none of them. */
function preferredFormat(request: FastifyRequest): Format {
  const types = Object.keys(formatOf) as (keyof typeof formatOf)[] // the keys of a constant are its own names
  return formatOf[preferredType(request, types) ?? 'application/json']
}

function* pageRows(rows: Iterable<FlatRow>, offset: number, limit: number): Generator<FlatRow> {
  let index = 0
  for (const row of rows) {
    if (index >= offset + limit) return
    if (index >= offset) yield row
    index += 1
  }
}
