import Type from 'typebox'
import { siteDocumentOf, siteRevisionAt } from '../../catalogue/site/site-revisions.ts'
import { parseAsOf } from '../../domain/read/as-of.ts'
import { documentQuery } from '../../domain/read/document-tag.ts'
import { SiteDocumentSchema } from '../../domain/site/site-document.ts'
import { renderYaml } from '../../render/yaml.ts'
import { type RouteContext, seenBy } from '../answer/send-point.ts'
import { preferredType, yamlTypes } from '../request/preferred-type.ts'
import type { App } from '../request/type-provider.ts'
import { closed, largestText, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { readAnswers, readCodes } from '../schema/schemas.ts'
import { sendSiteRead } from './site-answer.ts'
import { SiteParamsSchema, siteAsOfFields, siteHeaders } from './site-schema.ts'

const contentTypes = { json: 'application/json; charset=utf-8', yaml: 'application/yaml; charset=utf-8' } as const

export function siteDocumentRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/sites/:site/document',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'getSiteDocument',
        summary: 'The document of a site, in canonical form',
        description:
          'JSON, or YAML by `Accept: application/yaml` or `format=yaml`. A publisher sends its ETag as `If-Match`.',
        tags: ['sites'],
        params: SiteParamsSchema,
        querystring: Type.Object(
          {
            ...siteAsOfFields,
            format: Type.Optional({
              ...oneOfWords(
                ['json', 'yaml'],
                'The notation; it takes precedence over `Accept`, whose default is `json`'
              ),
              examples: ['yaml']
            })
          },
          closed
        ),
        response: readAnswers(
          'The document',
          {
            content: {
              'application/json': SiteDocumentSchema,
              'application/yaml': textSchema(largestText, 'The same document as YAML')
            }
          },
          siteHeaders,
          readCodes
        )
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const { site } = request.params
      const asOf = parseAsOf(request.query.siteAsOf, 'siteAsOf')
      const revision = await siteRevisionAt(catalogues, site, asOf)
      const preferred = preferredType(request, ['application/json', ...yamlTypes])
      const notation = preferred === undefined || preferred === 'application/json' ? 'json' : 'yaml'
      const representation = request.query.format ?? notation
      return sendSiteRead(context, request, reply, {
        revision,
        query: documentQuery,
        representation,
        contentType: contentTypes[representation],
        isPinned: asOf.kind === 'number',
        render: async () => {
          const document = await siteDocumentOf(catalogues, site, revision.number)
          return representation === 'json' ? JSON.stringify(document) : renderYaml(document)
        }
      })
    }
  )
}
