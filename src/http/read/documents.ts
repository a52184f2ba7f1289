import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { documentJson, loadDocument } from '../../catalogue/read/document.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { DocumentSchema } from '../../domain/document/document.ts'
import { documentQuery } from '../../domain/read/document-tag.ts'
import { renderYaml } from '../../render/yaml.ts'
import { type RouteContext, sendPoint } from '../answer/send-point.ts'
import { preferredType, yamlTypes } from '../request/preferred-type.ts'
import { asOfFields, clocksOfQuery } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { documentHeaders } from '../schema/header-schema.ts'
import { largestText, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'

const contentTypes = { json: 'application/json; charset=utf-8', yaml: 'application/yaml; charset=utf-8' } as const
type Notation = keyof typeof contentTypes
const FormatSchema = Type.Optional({
  ...oneOfWords(['json', 'yaml'], 'The notation; it takes precedence over `Accept`, whose default is `json`'),
  examples: ['yaml']
})

export function documentRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/v1/catalogues/:id/document',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getDocument',
        summary: 'The document as it was authored, in canonical form',
        description:
          'JSON, or YAML by `Accept: application/yaml` or `format=yaml`. A publisher sends its ETag as `If-Match`.',
        tags: ['catalogues'],
        params: CatalogueParamsSchema,
        querystring: Type.Object({ ...asOfFields, format: FormatSchema }, { additionalProperties: false }),
        response: readAnswers(
          'The document',
          {
            content: {
              'application/json': DocumentSchema,
              'application/yaml': textSchema(largestText, 'The same document as YAML')
            }
          },
          documentHeaders,
          readCodes
        )
      }
    },
    async (request, reply) => {
      const point = await pointAt(catalogues, request.params.id, clocksOfQuery(request.query))
      const representation = request.query.format ?? preferredNotation(request)
      return sendPoint(context, request, reply, {
        point,
        query: documentQuery,
        representation,
        contentType: contentTypes[representation],
        isTimeless: true,
        render: async () =>
          representation === 'json'
            ? documentJson(catalogues, point.revision)
            : renderYaml(await loadDocument(catalogues, point.revision))
      })
    }
  )
}

function preferredNotation(request: FastifyRequest): Notation {
  const preferred = preferredType(request, ['application/json', ...yamlTypes])
  return preferred === undefined || preferred === 'application/json' ? 'json' : 'yaml'
}
