import type { RequirementFields } from '../domain/document.ts'
import type { Endpoint } from '../domain/endpoint.ts'
import { type EndpointWhere, endpointWhere } from '../domain/where.ts'
import { type EndpointNode, type RequirementNode, textsOf } from './catalogue-read.ts'
import type { Resolvers } from './resolver.ts'

const isNotRetired = endpointWhere(undefined)

export const requirementFields: Resolvers = {
  Requirement: {
    endpoints: ({ row, endpointNodes }: RequirementNode, { filter }: { readonly filter?: EndpointWhere | null }) => {
      const matches = filter ? endpointWhere(filter) : isNotRetired
      return endpointNodes.filter(({ row: endpoint }) => matches({ requirement: row, endpoint }))
    },
    externalIds: ({ row }: RequirementNode) => externalIds(row),
    servicesText: ({ row }: RequirementNode) => textsOf(row).servicesText,
    portsText: ({ row }: RequirementNode) => textsOf(row).portsText,
    // Of the clocks at which this operation came here.
    catalogue: ({ tree }: RequirementNode, _: unknown, { byTree }) => byTree.get(tree)
  },
  Endpoint: { select: ({ row }: EndpointNode) => selections(row) },
  FoundRequirement: { externalIds },
  FoundEndpoint: { select: selections }
}

function externalIds({ externalIds: ids }: Pick<RequirementFields, 'externalIds'>) {
  return ids && Object.entries(ids).map(([namespace, value]) => ({ namespace, value }))
}

function selections(endpoint: Endpoint) {
  if (endpoint.kind !== 'feed' || !endpoint.select) return undefined
  return Object.entries(endpoint.select).map(([field, values]) => ({ field, values }))
}
