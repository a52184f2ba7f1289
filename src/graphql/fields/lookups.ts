import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { lookUp, lookupValidUntil } from '../../catalogue/lookup/lookup.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { parseAuditEntries } from '../../domain/lookup/audit-entry.ts'
import { parseAsOf } from '../../domain/read/as-of.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { connectionPage, type Paging, requireCursor } from '../reading/connection.ts'
import type { Resolvers } from '../reading/resolver.ts'

/** As over REST. */
const mostEntries = 100_000

interface LookupArgs extends Paging {
  readonly value: string
  readonly asOf?: Instant | null
  readonly effectiveAt?: Instant | null
}

interface AuditArgs {
  readonly catalogue: string
  readonly entries: readonly { readonly value: string; readonly port?: string | null }[]
  readonly asOf?: string | null
  readonly effectiveAt?: Instant | null
}

/** From values to requirements. */
export const lookupFields: Resolvers = {
  Query: {
    lookup: async (
      _,
      { value, asOf, effectiveAt, ...paging }: LookupArgs,
      { snapshot: { catalogues, dependencies } }
    ) => {
      dependencies.addLog()
      const text = paging.after ?? paging.before
      const began = text ? requireCursor(text) : undefined
      const [seq, instant] = [began?.point ?? dependencies.seq, began?.instant ?? effectiveAt ?? dependencies.instant]
      const found = await lookUp(catalogues, value, { seq, instant, ...(typeof asOf === 'number' && { asOf }) })
      if (!began && typeof effectiveAt !== 'number') dependencies.endAt(lookupValidUntil(found, instant))
      const run = JSON.stringify(['lookup', value, asOf ?? null, effectiveAt ?? null])
      return connectionPage({ run, point: seq, instant }, found, paging)
    },
    audit: async (
      _,
      { catalogue, entries, asOf, effectiveAt }: AuditArgs,
      { snapshot: { catalogues, dependencies } }
    ) => {
      if (entries.length > mostEntries)
        throw new PortolanError('invalid_parameter', `entries: ${entries.length} are more than ${mostEntries}.`)
      const point = await pointAt(catalogues, catalogue, {
        asOf: parseAsOf(asOf ?? undefined),
        ...(typeof effectiveAt === 'number' && { effectiveAt })
      })
      dependencies.addPoint(point)
      const written = entries.map(({ value, port }) => ({ value, ...(typeof port === 'string' && { port }) }))
      return auditEntries(catalogues, point, parseAuditEntries(written))
    }
  }
}
