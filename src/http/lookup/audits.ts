import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { AuditBodySchema, auditEntriesOf } from '../../domain/lookup/audit-entry.ts'
import { pointHeaders } from '../answer/send-answer.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { ClocksQuerySchema, clocksOfQuery } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { AuditSchema } from '../schema/audit-schema.ts'
import { auditHeaders } from '../schema/header-schema.ts'
import { answerSchema, CatalogueParamsSchema, problems, readCodes } from '../schema/schemas.ts'

export function auditRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.post(
    '/v1/catalogues/:id/audit',
    {
      config: { access: 'read', grows: 'body' },
      schema: {
        operationId: 'audit',
        summary: 'Compares the destinations that a firewall lets through with the catalogue',
        description:
          '`retired` is what the site may close, `missing` is what holds now and no entry lets through. A value in several requirements counts once, with the first of these statuses that one of them has: active, retiring, planned, retired.',
        tags: ['lookup'],
        params: CatalogueParamsSchema,
        querystring: ClocksQuerySchema,
        body: AuditBodySchema,
        response: {
          200: answerSchema('The entries by what holds for them, and what is missing', AuditSchema, auditHeaders),
          ...problems(...readCodes, 'malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_body')
        }
      }
    },
    async (request, reply) => {
      const point = await pointAt(catalogues, request.params.id, clocksOfQuery(request.query))
      const audit = await auditEntries(catalogues, point, auditEntriesOf(request.body))
      return reply
        .headers(pointHeaders(point, catalogues.store.epoch, catalogues.now(), ''))
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(audit))
    }
  )
}
