import type { RequirementFields } from '../../domain/document/document.ts'
import type { Endpoint } from '../../domain/document/endpoint.ts'
import { portsText, serviceTexts } from '../../domain/mirror/mirror.ts'
import { endpointTest } from '../../domain/view/filter-tree.ts'
import type { NamedRow } from '../../render/export/flat-rows.ts'
import type { OperationSnapshot } from '../reading/context.ts'
import type { CatalogueRead, Tree } from '../reading/tree.ts'
import type { SomeResolvers } from '../resolvers.ts'

export const requirementFields = {
  Requirement: {
    endpoints: (requirement, { filter }) => {
      const matches = endpointTest(filter)
      return requirement.endpoints.filter((endpoint) => matches({ requirement, endpoint }))
    },
    externalIds,
    // The same texts as in the flat shapes.
    servicesText: ({ services }) => services.flatMap(serviceTexts).join(','),
    portsText: ({ services }) => portsText(services) || undefined,
    catalogue: ({ tree }, _, { snapshot }) => catalogueOf(tree, snapshot)
  },
  Endpoint: { select: selections },
  FoundRequirement: { externalIds },
  FoundEndpoint: { select: selections },
  EndpointRow: { externalIds, select: selections }
} satisfies SomeResolvers<'Requirement', 'endpoints' | 'externalIds' | 'servicesText' | 'portsText' | 'catalogue'> &
  SomeResolvers<'Endpoint' | 'FoundEndpoint', 'select'> &
  SomeResolvers<'FoundRequirement', 'externalIds'> &
  SomeResolvers<'EndpointRow', 'externalIds' | 'select'>

/** The catalogue at the clocks at which the operation read the tree. */
function catalogueOf(tree: Tree, { readsByTree }: OperationSnapshot): CatalogueRead {
  const read = readsByTree.get(tree)
  if (read) return read
  throw new Error(`${tree.pin} was read outside the snapshot of the operation`)
}

function externalIds({ externalIds: ids }: Pick<RequirementFields, 'externalIds'>) {
  return ids && Object.entries(ids).map(([namespace, value]) => ({ namespace, value }))
}

function selections(endpoint: Endpoint | NamedRow) {
  if (endpoint.kind !== 'feed' || !endpoint.select) return undefined
  return Object.entries(endpoint.select).map(([field, values]) => ({ field, values }))
}
