import { PortolanError } from '../../domain/errors.ts'
import type { SomeResolvers } from '../resolvers.ts'
import { subgraphSdl } from '../subgraph-sdl.ts'
import { checkIds, objectNode } from './nodes.ts'

export const subgraphFields = {
  Query: {
    _service: () => ({ sdl: subgraphSdl }),
    _entities: (_, { representations }, context) => {
      checkIds('representations', representations)
      return Promise.all(
        representations.map(async (representation) => {
          const { type, id } = keyOf(representation)
          const node = await objectNode(context, id)
          return node?.__typename === type ? node : undefined
        })
      )
    }
  }
} satisfies SomeResolvers<'Query', '_service' | '_entities'>

/** @throws PortolanError `invalid_parameter` */
function keyOf(representation: unknown): { readonly type: string; readonly id: string } {
  if (typeof representation === 'object' && representation !== null) {
    const { __typename: type, id }: { readonly __typename?: unknown; readonly id?: unknown } = representation
    if (typeof type === 'string' && typeof id === 'string') return { type, id }
  }
  throw new PortolanError('invalid_parameter', 'Each of representations needs __typename and id.')
}
