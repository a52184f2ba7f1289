import { lookUp } from '../../catalogue/lookup/lookup.ts'
import { forwardRange, rangeOf, requireCursor } from '../reading/connection.ts'
import { LookupPage } from '../reading/lookup-page.ts'
import type { SomeResolvers } from '../resolvers.ts'

/** The fields that lead from values to requirements. */
export const lookupFields = {
  Query: {
    lookup: async (_, { value, asOf, effectiveAt, ...paging }, { snapshot: { catalogues, dependencies } }) => {
      dependencies.addLog()
      const text = paging.after ?? paging.before
      const began = text ? requireCursor(text) : undefined
      const [seq, instant] = [began?.point ?? dependencies.seq, began?.instant ?? effectiveAt ?? dependencies.instant]
      const name = JSON.stringify(['lookup', value, asOf ?? null, effectiveAt ?? null])
      const list = { name, point: seq, instant }
      const find = (part?: { readonly offset: number; readonly limit: number }) =>
        lookUp(catalogues, value, { seq, instant, ...(typeof asOf === 'number' && { asOf }) }, part)
      const range = forwardRange(list, paging)
      const part = await find(range)
      if (!began && typeof effectiveAt !== 'number') dependencies.endAt(part.validUntil)
      const count = async () => (await find()).found.length
      if (range) return new LookupPage(list, range.offset, part, count)
      const { start, end } = rangeOf(list, part.found.length, paging)
      return new LookupPage(
        list,
        start,
        { found: part.found.slice(start, end), hasMore: end < part.found.length },
        count
      )
    }
  },
  LookupConnection: { totalCount: (page) => page.countAll() }
} satisfies SomeResolvers<'Query', 'lookup'> & SomeResolvers<'LookupConnection', 'totalCount'>
