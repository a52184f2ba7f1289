import Type from 'typebox'
import { releasesOf } from '../../catalogue/history/releases.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { InstantSchema } from '../../domain/text.ts'
import { releasesJson } from '../../render/history/releases-json.ts'
import { baseOf, type RouteContext, sendPoint } from '../answer/send-point.ts'
import { canonicalQuery, clockFields, clocksOfQuery } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { viewHeaders } from '../schema/header-schema.ts'
import { closed, LinkSchema, listSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'

const ReleasesSchema = Type.Object(
  {
    releases: listSchema(
      Type.Object(
        {
          version: Type.String({
            pattern: '^\\d+\\.\\d{14}(?:\\.\\d{1,3})?$',
            maxLength: 40,
            description: 'The revision, and since when, in UTC',
            examples: ['2.20181122000000']
          }),
          releaseTimestamp: InstantSchema,
          changelogUrl: LinkSchema,
          sourceUrl: LinkSchema
        },
        closed
      ),
      1000
    ),
    homepage: LinkSchema
  },
  { ...closed, title: 'Releases' }
)

export function releaseRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id/releases.json',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getReleases',
        summary: 'Revisions and transitions as releases, for tools that propose updates',
        description:
          'The shape of a custom data source of Renovate: what has happened, oldest first, at most the newest 1,000. Versions are numbers that are compared one after the other, so `versioning` is `loose`.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object(clockFields, { additionalProperties: false }),
        response: readAnswers('The releases', ReleasesSchema, viewHeaders, readCodes)
      }
    },
    async (request, reply) => {
      const { catalogues } = context
      const { id } = request.params
      const point = await pointAt(catalogues, id, clocksOfQuery(request.query))
      return sendPoint(context, request, reply, {
        point,
        query: canonicalQuery('releases', request.query),
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        hasLinks: true,
        // The tag covers only the transitions of this revision, and earlier revisions have others.
        isContentTagged: true,
        render: async () => {
          const releases = await releasesOf(catalogues, point.revision, point.instant)
          return JSON.stringify(releasesJson(releases, `${baseOf(context, request)}/v1/catalogues/${id}`))
        }
      })
    }
  )
}
