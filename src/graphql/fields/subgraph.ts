import { PortolanError } from '../../domain/errors.ts'
import type { Resolvers } from '../reading/resolver.ts'
import { sdl } from '../sdl.ts'
import { checkIds, objectNode } from './nodes.ts'

const nodeType = /^type (\w+) implements Node \{$/gm

/** What a federation composes: the written schema, in which every node is an entity. */
const subgraphSdl = sdl
  .replace(
    /^schema \{$/m,
    'schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"]) {'
  )
  .replace(nodeType, 'type $1 implements Node @key(fields: "id") {')
  .replace(/^type PageInfo \{$/m, 'type PageInfo @shareable {')

const entities = [...sdl.matchAll(nodeType)].map(([, name]) => name)

/** What a router asks of a subgraph. No part of the written schema: people ask for `node`. */
export const subgraphTypes = `
"The key of an entity: its type and id."
scalar _Any
"An object of this service that other subgraphs may extend."
union _Entity = ${entities.join(' | ')}
"The service, as a part of a federation."
type _Service {
  "The schema of the subgraph."
  sdl: String!
}
extend type Query {
  "What a router composes. Apollo Federation 2."
  _service: _Service!
  "The objects of keys, in their order, as they are now."
  _entities(representations: [_Any!]!): [_Entity]! @listSize(slicingArguments: ["representations"])
}
`

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
