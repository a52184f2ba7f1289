import type { RequirementFields } from '../../domain/document/document.ts'
import type { Endpoint } from '../../domain/document/endpoint.ts'
import { portsText, serviceTexts } from '../../domain/mirror/mirror.ts'
import { type EndpointFilterTree, endpointTest } from '../../domain/view/filter-tree.ts'
import type { Resolvers } from '../reading/resolver.ts'
import type { RequirementNode } from '../reading/tree.ts'

export const requirementFields: Resolvers = {
  Requirement: {
    endpoints: (requirement: RequirementNode, { filter }: { readonly filter?: EndpointFilterTree | null }) => {
      const matches = endpointTest(filter)
      return requirement.endpoints.filter((endpoint) => matches({ requirement, endpoint }))
    },
    externalIds,
    // The same texts as in the flat shapes.
    servicesText: ({ services }: RequirementNode) => services.flatMap(serviceTexts).join(','),
    portsText: ({ services }: RequirementNode) => portsText(services) || undefined,
    // Of the clocks at which this operation came here.
    catalogue: ({ tree }: RequirementNode, _: unknown, { snapshot }) => snapshot.readsByTree.get(tree)
  },
  Endpoint: { select: selections },
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
