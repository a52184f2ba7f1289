import { narrowedServices } from '../export/export-view.ts'
import { endpointMatches, type Filter, requirementMatches } from '../view/filter.ts'
import type { Viewable } from '../view/view.ts'
import type { FlowSource } from './needed-flow.ts'

/** The requirements, services and endpoints of a document that a filter takes, whatever their status. */
export function flowSource({ requirements }: Pick<Viewable, 'requirements'>, filter: Filter): FlowSource {
  const { status: _, ...rest } = filter
  return requirements
    .filter((requirement) => requirementMatches(requirement, rest))
    .map((requirement) => ({
      ...requirement,
      services: narrowedServices(requirement.services, rest),
      endpoints: requirement.endpoints.filter((endpoint) => endpointMatches({ ...endpoint, status: 'active' }, rest))
    }))
}
