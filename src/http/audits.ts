import { auditEntries } from '../catalogue/audit.ts'
import { pointAt } from '../catalogue/point.ts'
import { type AuditEntry, parseAuditEntry } from '../domain/audit.ts'
import { type Fault, PortolanError } from '../domain/errors.ts'
import { pointHeaders } from './answer.ts'
import { AuditBodySchema, AuditSchema } from './audit-schema.ts'
import { auditHeaders } from './header-schema.ts'
import { ClocksQuerySchema, clocksOf } from './query.ts'
import type { Routing } from './reading.ts'
import { answer, CatalogueParamsSchema, problems, readCodes } from './schemas.ts'
import type { App } from './type-provider.ts'

export function auditRoutes(app: App, routing: Routing): void {
  const { catalogues } = routing

  app.post(
    '/v1/catalogues/:id/audit',
    {
      schema: {
        operationId: 'audit',
        summary: 'Holds the destinations that a firewall has today against the catalogue',
        description:
          '`retired` is what the site may close, `missing` is what holds now and no entry lets through. The same value in several requirements counts once: the most alive status wins.',
        tags: ['lookup'],
        params: CatalogueParamsSchema,
        querystring: ClocksQuerySchema,
        body: AuditBodySchema,
        response: {
          200: answer('The entries by what holds for them, and what is missing', AuditSchema, auditHeaders),
          ...problems(...readCodes, 'malformed_body', 'body_too_large', 'unsupported_media_type', 'invalid_body')
        }
      }
    },
    async (request, reply) => {
      const point = await pointAt(catalogues, request.params.id, clocksOf(request.query))
      const audit = await auditEntries(catalogues, point, entriesOf(request.body.entries))
      return reply
        .headers(pointHeaders(point, catalogues.store.epoch, catalogues.now(), ''))
        .header('cache-control', 'no-store')
        .type('application/json; charset=utf-8')
        .send(JSON.stringify(audit))
    }
  )
}

function entriesOf(
  entries: readonly (string | { readonly value: string; readonly port?: string })[]
): readonly AuditEntry[] {
  const faults: Fault[] = []
  const read = entries.flatMap((entry, index) => {
    try {
      return [typeof entry === 'string' ? parseAuditEntry(entry) : parseAuditEntry(entry.value, entry.port)]
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error
      faults.push({ pointer: `/entries/${index}`, code: error.code, detail: error.message })
      return []
    }
  })
  if (faults.length > 0)
    throw new PortolanError('invalid_body', `${faults.length} of ${entries.length} entries cannot be read.`, {
      faults: faults.slice(0, 100)
    })
  return read
}
