import Type from 'typebox'
import { viewOf } from '../../catalogue/read/view.ts'
import { PortolanError } from '../../domain/errors.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { feedHeaders } from '../answer/headers.ts'
import { nextPage, pagedPoint, pointOfQuery } from '../answer/paging.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, PagedViewQuerySchema, ViewQuerySchema } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { viewPartHeaders } from '../schema/header-schema.ts'
import { CatalogueParamsSchema, pageCodes, pageSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { ViewRequirementSchema } from '../schema/view-schema.ts'

const json = { representation: 'json', contentType: 'application/json; charset=utf-8' } as const

export function requirementRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id/requirements',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'listRequirements',
        summary: 'The requirements of a view, filtered, by page',
        description: 'In the order of the author. All pages of a run show the revision and instant at which it began.',
        tags: ['catalogues'],
        params: CatalogueParamsSchema,
        querystring: PagedViewQuerySchema,
        response: readAnswers(
          'A page of requirements',
          pageSchema(ViewRequirementSchema, 'RequirementPage'),
          viewPartHeaders,
          [...readCodes, ...pageCodes]
        )
      }
    },
    async (request, reply) => {
      const query = canonicalQuery('requirements', request.query)
      const { catalogues } = seenBy(context, request)
      const paged = await pagedPoint(seenBy(context, request), request.params.id, request.query, query)
      const { requirements, feeds } = await viewOf(catalogues, paged.point, filterOf(request.query))
      const { page, link } = nextPage(context, request, paged, requirements.length)
      const { offset, limit } = paged
      return sendPoint(context, request, reply, {
        ...json,
        point: paged.point,
        query: `${query}\n${offset}\n${limit}`,
        pins: { cursor: request.query.cursor },
        link,
        ...feedHeaders(feeds),
        hasLinks: true,
        render: async () => JSON.stringify({ items: requirements.slice(offset, offset + limit), page })
      })
    }
  )

  app.get(
    '/v1/catalogues/:id/requirements/:key',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getRequirement',
        summary: 'One requirement of a view',
        description: 'The filters prune its endpoints. If they leave nothing of the requirement, the answer is 404.',
        tags: ['catalogues'],
        params: Type.Object(
          {
            ...CatalogueParamsSchema.properties,
            key: Type.String({ maxLength: 300, description: 'Key of the requirement', examples: ['rss-feed'] })
          },
          { additionalProperties: false }
        ),
        querystring: ViewQuerySchema,
        response: readAnswers('The requirement', ViewRequirementSchema, viewPartHeaders, readCodes)
      }
    },
    async (request, reply) => {
      const { id, key } = request.params
      const { catalogues } = seenBy(context, request)
      const point = await pointOfQuery(catalogues, id, request.query)
      const filter = { ...filterOf(request.query), requirement: [key] }
      const { requirements, feeds } = await viewOf(catalogues, point, filter)
      const [requirement] = requirements
      if (!requirement)
        throw new PortolanError(
          'not_found',
          `Revision ${point.revision.number} of ${id} has no requirement ${key} that matches.`
        )
      return sendPoint(context, request, reply, {
        ...json,
        point,
        query: canonicalQuery(`requirement ${key}`, request.query),
        ...feedHeaders(feeds),
        render: async () => JSON.stringify(requirement)
      })
    }
  )
}
