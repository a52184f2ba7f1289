import { lookUp } from '../../catalogue/lookup/lookup.ts'
import { connectionPage, requireCursor } from '../reading/connection.ts'
import type { SomeResolvers } from '../resolvers.ts'

/** The fields that lead from values to requirements. */
export const lookupFields = {
  Query: {
    lookup: async (_, { value, asOf, effectiveAt, ...paging }, { snapshot: { catalogues, dependencies } }) => {
      dependencies.addLog()
      const text = paging.after ?? paging.before
      const began = text ? requireCursor(text) : undefined
      const [seq, instant] = [began?.point ?? dependencies.seq, began?.instant ?? effectiveAt ?? dependencies.instant]
      const { found, validUntil } = await lookUp(catalogues, value, {
        seq,
        instant,
        ...(typeof asOf === 'number' && { asOf })
      })
      if (!began && typeof effectiveAt !== 'number') dependencies.endAt(validUntil)
      const name = JSON.stringify(['lookup', value, asOf ?? null, effectiveAt ?? null])
      return connectionPage({ name, point: seq, instant }, found, paging)
    }
  }
} satisfies SomeResolvers<'Query', 'lookup'>
