import { auditEntries } from '../../catalogue/lookup/audit.ts'
import { lookUp, lookupValidUntil } from '../../catalogue/lookup/lookup.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { parseAuditEntries } from '../../domain/lookup/audit-entry.ts'
import { parseAsOf } from '../../domain/read/as-of.ts'
import { connectionPage, requireCursor } from '../reading/connection.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { SomeResolvers } from '../resolvers.ts'

/** Most entries of an audit, as over REST. */
const mostEntries = 100_000

/** The fields that lead from values to requirements. */
export const lookupFields = {
  Query: {
    lookup: async (_, { value, asOf, effectiveAt, ...paging }, { snapshot: { catalogues, dependencies } }) => {
      dependencies.addLog()
      const text = paging.after ?? paging.before
      const began = text ? requireCursor(text) : undefined
      const [seq, instant] = [began?.point ?? dependencies.seq, began?.instant ?? effectiveAt ?? dependencies.instant]
      const found = await lookUp(catalogues, value, { seq, instant, ...(typeof asOf === 'number' && { asOf }) })
      if (!began && typeof effectiveAt !== 'number') dependencies.endAt(lookupValidUntil(found, instant))
      const name = JSON.stringify(['lookup', value, asOf ?? null, effectiveAt ?? null])
      return connectionPage({ name, point: seq, instant }, found, paging)
    },
    audit: async (_, { catalogue, entries, asOf, effectiveAt }, { snapshot: { catalogues, dependencies } }) => {
      if (entries.length > mostEntries)
        throw new PortolanError(
          'invalid_parameter',
          `entries has ${entries.length}, which is more than ${mostEntries}.`
        )
      const point = await pointAt(catalogues, catalogue, {
        asOf: parseAsOf(asOf ?? undefined),
        ...(typeof effectiveAt === 'number' && { effectiveAt })
      })
      dependencies.addPoint(point)
      return auditEntries(catalogues, point, parseAuditEntries(entries.map(withoutNulls)))
    }
  }
} satisfies SomeResolvers<'Query', 'lookup' | 'audit'>
