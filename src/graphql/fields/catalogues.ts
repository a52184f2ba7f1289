import { listedHeadsAt } from '../../catalogue/read/catalogue-list.ts'
import { parseAsOf } from '../../domain/read/as-of.ts'
import { pinnedFeeds, readFeedsAsOf } from '../../domain/read/feeds-as-of.ts'
import { catalogueTest } from '../../domain/view/filter-tree.ts'
import { readCatalogue } from '../reading/catalogue-read.ts'
import { Connection, rangeOf, requireCursor } from '../reading/connection.ts'
import { cursorsUnder } from '../reading/cursors-under.ts'
import type { CatalogueRead } from '../reading/tree.ts'
import { withoutNulls } from '../reading/without-nulls.ts'
import type { SomeResolvers } from '../resolvers.ts'

export const catalogueFields = {
  Query: {
    catalogue: (_, { id, asOf, effectiveAt, ...written }, context, info) => {
      // The page run of a list below stays where it began, and with it all that is read of the catalogue here.
      const [cursor] = cursorsUnder(info).map(requireCursor)
      const instant = effectiveAt ?? cursor?.instant
      const published = parseAsOf(asOf ?? undefined)
      const asked = readFeedsAsOf(withoutNulls(written), published)
      const feedsAsOf = asked && cursor ? pinnedFeeds(cursor.feeds) : asked
      return readCatalogue(context, id, {
        asOf: asOf || !cursor ? published : { kind: 'number', number: cursor.point },
        ...(typeof instant === 'number' && { effectiveAt: instant }),
        ...(written.resolve && { resolve: written.resolve }),
        ...(feedsAsOf && { feedsAsOf })
      })
    },
    catalogues: async (_, { asOf, effectiveAt, filter, ...paging }, context) => {
      const { catalogues, dependencies } = context.snapshot
      dependencies.addLog()
      const text = paging.after ?? paging.before
      const began = text ? requireCursor(text) : undefined
      const point = began?.point ?? dependencies.seq
      const instant = began?.instant ?? effectiveAt ?? dependencies.instant
      const heads = await listedHeadsAt(catalogues, { seq: point, ...(typeof asOf === 'number' && { asOf }) })
      const matches = catalogueTest(filter)
      const found = heads.filter(({ revision, ...named }) => matches({ id: revision.catalogue, ...named }))
      const name = JSON.stringify(['catalogues', asOf ?? null, effectiveAt ?? null, filter ?? null])
      const list = { name, point, instant }
      const { start, end } = rangeOf(list, found.length, paging)
      const nodes: CatalogueRead[] = []
      for (const { revision } of found.slice(start, end)) {
        const { catalogue, number } = revision
        const isNewest = number === catalogues.heads.get(catalogue)?.revision.number
        const isTimed = began !== undefined || typeof effectiveAt === 'number'
        nodes.push(
          await readCatalogue(context, catalogue, {
            asOf: isNewest ? { kind: 'newest' } : { kind: 'number', number },
            ...(isTimed && { effectiveAt: instant })
          })
        )
      }
      return new Connection(list, start, nodes, found.length)
    }
  }
} satisfies SomeResolvers<'Query', 'catalogue' | 'catalogues'>
