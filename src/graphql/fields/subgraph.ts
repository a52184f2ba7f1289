import { PortolanError } from '../../domain/errors.ts'
import type { Resolvers } from '../reading/resolver.ts'
import { subgraphSdl } from '../subgraph-sdl.ts'
import { checkIds, objectNode } from './nodes.ts'

interface Representation {
  readonly __typename?: unknown
  readonly id?: unknown
}

export const subgraphFields: Resolvers = {
  Query: {
    _service: () => ({ sdl: subgraphSdl }),
    _entities: (_, { representations }: { readonly representations: readonly (Representation | null)[] }, context) => {
      checkIds('representations', representations)
      return Promise.all(
        representations.map(async (representation) => {
          const { __typename: type, id } = representation ?? {}
          if (typeof type !== 'string' || typeof id !== 'string')
            throw new PortolanError('invalid_parameter', 'representations: each needs __typename and id.')
          const node = await objectNode(context, id)
          return node?.__typename === type ? node : undefined
        })
      )
    }
  }
}
