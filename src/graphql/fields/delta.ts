import { deltaPageOf, deltaRoundOf } from '../../catalogue/mirror/delta-round.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type MirrorType, mirrorTypes } from '../../domain/mirror/mirror.ts'
import { defaultPage, largestPage } from '../reading/connection.ts'
import type { Resolvers } from '../reading/resolver.ts'
import { type MirrorFilterInput, mirrorFilter } from './mirror-filter.ts'

interface DeltaArgs {
  readonly cursor?: string | null
  readonly catalogues?: readonly string[] | null
  readonly types?: readonly MirrorType[] | null
  readonly filter?: MirrorFilterInput | null
  readonly limit?: number | null
}

export const deltaFields: Resolvers = {
  Query: {
    delta: async (
      _,
      { cursor, catalogues: ids, types, filter, limit }: DeltaArgs,
      { catalogues: live, ledgers, snapshot }
    ) => {
      const { dependencies } = snapshot
      dependencies.addLog()
      const size = limit ?? defaultPage
      if (size < 1 || size > largestPage)
        throw new PortolanError('invalid_parameter', `limit: ${size} must be from 1 to ${largestPage}.`)
      const query = { filter: mirrorFilter(filter), ...(ids && { catalogues: ids }), types: types ?? mirrorTypes }
      // A cursor may come from another replica, and be of what was not known here when the operation began.
      const catalogues = { ...snapshot.catalogues, heads: live.heads }
      const round = await deltaRoundOf(catalogues, query, cursor ?? undefined)
      const { entries, next, end } = await deltaPageOf(catalogues, ledgers, round, size)
      if (!round.isFrozen) dependencies.endAt(round.until)
      return {
        items: entries,
        page: { next, cursor: end?.cursor },
        seq: round.to.seq,
        epoch: catalogues.store.epoch,
        count: end?.count,
        digest: end?.digest
      }
    }
  }
}
