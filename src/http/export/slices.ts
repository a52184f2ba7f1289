import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { slicesAt } from '../../catalogue/export/slices.ts'
import { directions } from '../../domain/document/document.ts'
import { PortRangeSchema, ServiceSchema } from '../../domain/network/network-service.ts'
import { TransportSchema } from '../../domain/network/protocol.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { formats } from '../../render/formats/formats.ts'
import { pointOf } from '../answer/paging.ts'
import { baseOf, pathOf, queryOf, type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, queryString, statusField, ViewQuerySchema } from '../request/query.ts'
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
import { viewHeaders } from '../schema/header-schema.ts'
import { CountSchema, closed, LinkSchema, listSchema, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { readAnswers, readCodes } from '../schema/schemas.ts'

const queryFields = {
  ...ViewQuerySchema.properties,
  status: statusField('active and retiring, which is what holds now')
}
const operationIds = { catalogue: 'listSlices', site: 'listSiteSlices' } as const

const SliceSchema = Type.Object(
  {
    name: textSchema(100, 'What `slice=` takes'),
    direction: oneOfWords(directions),
    transport: TransportSchema,
    ports: Type.Optional(listSchema(PortRangeSchema, 1000, 'Absent: all ports')),
    icmp: ServiceSchema.properties.icmp,
    counts: Type.Object(
      {
        requirements: CountSchema,
        host: CountSchema,
        address: CountSchema,
        role: CountSchema,
        pattern: CountSchema,
        url: CountSchema,
        feed: CountSchema,
        any: CountSchema
      },
      { ...closed, description: 'Distinct values that hold, by kind' }
    ),
    exports: Type.Record(textSchema(100), LinkSchema, {
      description: 'Links to the export of the slice in each format, by the name of the format'
    })
  },
  { ...closed, title: 'Slice' }
)

export function sliceRoutes(app: App, context: RouteContext): void {
  for (const kind of subjectKinds)
    app.get(
      `${subjectPaths[kind]}/slices`,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          operationId: operationIds[kind],
          summary: ofSubject(kind, 'The slices of a view: one for each combination of direction, transport and ports'),
          description:
            'A list of addresses has no ports, so a client fetches it slice by slice, and the rule that uses it names the ports of the slice. Counts cover what holds now, unless `status` says otherwise; a slice without entries is listed too.',
          tags: ['exports'],
          params: subjectParams(kind, {}),
          querystring: subjectQuery(kind, queryFields),
          response: readAnswers(
            'The slices',
            Type.Object({ items: listSchema(SliceSchema, 100_000) }, { ...closed, title: 'SliceList' }),
            subjectHeaders(kind, viewHeaders),
            readCodes
          )
        }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const point = await pointOf(catalogues, subjectOf(request), request.query)
        const filter = filterOf(request.query)
        return sendPoint(context, request, reply, {
          point,
          query: canonicalQuery('slices', request.query),
          representation: 'json',
          contentType: 'application/json; charset=utf-8',
          hasLinks: true,
          // The links repeat the clocks, which a tag made from the point does not cover.
          isContentTagged: true,
          render: async () => {
            const items = (await slicesAt(catalogues, point, filter)).map((slice) => ({
              ...slice,
              exports: exportLinks(baseOf(context, request), request, slice.name)
            }))
            return JSON.stringify({ items })
          }
        })
      }
    )
}

/** The exports of a slice, with the filters and clocks of the request. */
function exportLinks(base: string, request: FastifyRequest, slice: string): Readonly<Record<string, string>> {
  const path = pathOf(request).replace(/slices$/, 'exports')
  const query = queryString(queryOf(request), { slice })
  return Object.fromEntries(formats.map(({ name }) => [name, `${base}${path}/${name}${query}`]))
}
