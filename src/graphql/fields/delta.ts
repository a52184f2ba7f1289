import { deltaPageOf, deltaRoundOf } from '../../catalogue/mirror/delta-round.ts'
import { PortolanError } from '../../domain/errors.ts'
import { mirrorTypes } from '../../domain/mirror/mirror.ts'
import { defaultPage, largestPage } from '../reading/connection.ts'
import type { SomeResolvers } from '../resolvers.ts'
import { mirrorFilter } from './mirror-filter.ts'

export const deltaFields = {
  Query: {
    delta: async (
      _,
      { cursor, catalogues: ids, types, filter, limit },
      { catalogues: live, ledgers, snapshot: { catalogues: frozen, dependencies } }
    ) => {
      dependencies.addLog()
      const size = limit ?? defaultPage
      if (size < 1 || size > largestPage)
        throw new PortolanError('invalid_parameter', `limit must be from 1 to ${largestPage}, and is ${size}.`)
      const query = {
        filter: mirrorFilter(filter),
        ...(ids && { catalogues: ids }),
        ...(live.narrowing && { within: live.narrowing }),
        types: types ?? mirrorTypes
      }
      // A cursor may come from another replica, and name what was not known here when the operation began.
      const catalogues = { ...frozen, heads: live.heads }
      const round = await deltaRoundOf(catalogues, query, cursor ?? undefined)
      const { entries, next, end } = await deltaPageOf(catalogues, ledgers, round, size)
      if (!round.isFrozen) dependencies.endAt(round.until)
      return {
        items: entries,
        page: { next, cursor: end?.cursor },
        seq: round.to.seq,
        epoch: frozen.store.epoch,
        count: end?.count,
        digest: end?.digest
      }
    }
  }
} satisfies SomeResolvers<'Query', 'delta'>
