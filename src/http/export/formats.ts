import Type from 'typebox'
import { formatJson } from '../../render/formats/format-json.ts'
import { formats } from '../../render/formats/formats.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import type { RouteContext } from '../answer/send-point.ts'
import type { App } from '../request/type-provider.ts'
import { FormatSchema } from '../schema/export-schema.ts'
import { readHeaders } from '../schema/header-schema.ts'
import { closed, listSchema } from '../schema/schema-words.ts'
import { NoQuerySchema, readAnswers } from '../schema/schemas.ts'

export function formatRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/v1/formats',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listFormats',
        summary: 'The export formats, and what each of them can express',
        description: 'All formats, unpaged.',
        tags: ['exports'],
        querystring: NoQuerySchema,
        response: readAnswers(
          'The formats',
          Type.Object({ items: listSchema(FormatSchema, 1000) }, { ...closed, title: 'FormatList' }),
          readHeaders,
          ['unknown_parameter', 'insufficient_scope']
        )
      }
    },
    async (request, reply) =>
      sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        headers: logHeaders(catalogues.heads.seq, catalogues.store.epoch),
        isImmutable: false,
        stamp: catalogues.heads.seq,
        render: async () => JSON.stringify({ items: formats.map(formatJson) })
      })
  )
}
