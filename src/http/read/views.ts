import { viewOf } from '../../catalogue/read/view.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { pointOf } from '../answer/paging.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, ViewQuerySchema } from '../request/query.ts'
import {
  type SubjectKind,
  subjectHeaders,
  subjectKinds,
  subjectOf,
  subjectParams,
  subjectPaths,
  subjectQuery
} from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { viewHeaders } from '../schema/header-schema.ts'
import { readAnswers, readCodes } from '../schema/schemas.ts'
import { SiteViewSchema, ViewSchema } from '../schema/view-schema.ts'

const filtering =
  'Filters on requirements drop requirements; filters on endpoints (`kind`, `family`, `status`) prune endpoints. Repeat a filter for OR; different filters are joined by AND. `validFrom` and `validUntil` bound the interval in which the clock changes nothing.'

const about = {
  catalogue: {
    path: subjectPaths.catalogue,
    operationId: 'getView',
    summary: 'A catalogue on two clocks: what had been published at one instant, as it holds at another',
    description: `The whole catalogue, or what the filters leave of it. ${filtering}`,
    view: ViewSchema
  },
  site: {
    path: `${subjectPaths.site}/view`,
    operationId: 'getSiteView',
    summary: 'What a site needs from the network, over all its catalogues, on two clocks',
    description: `Roles, variables and components are bound, and overlays applied: each endpoint says by \`origin\` what put it there. A role that nothing binds stays as it is. ${filtering}`,
    view: SiteViewSchema
  }
} as const satisfies Readonly<Record<SubjectKind, object>>

export function viewRoutes(app: App, context: RouteContext): void {
  for (const kind of subjectKinds) {
    const { path, operationId, summary, description, view } = about[kind]
    app.get(
      path,
      {
        config: { access: 'read', grows: 'catalogue' },
        schema: {
          operationId,
          summary,
          description,
          tags: ['catalogues'],
          params: subjectParams(kind, {}),
          querystring: subjectQuery(kind, ViewQuerySchema.properties),
          response: readAnswers('The view', view, subjectHeaders(kind, viewHeaders), readCodes)
        }
      },
      async (request, reply) => {
        const { catalogues } = seenBy(context, request)
        const point = await pointOf(catalogues, subjectOf(request), request.query)
        const filter = filterOf(request.query)
        return sendPoint(context, request, reply, {
          point,
          query: canonicalQuery('view', request.query),
          representation: 'json',
          contentType: 'application/json; charset=utf-8',
          render: async () => JSON.stringify(await viewOf(catalogues, point, filter))
        })
      }
    )
  }
}
