import type { Service } from '../network/network-service.ts'
import { hasPorts } from '../network/protocol.ts'
import { type Filter, filterView, serviceMatches } from '../view/filter.ts'
import { isLive } from '../view/lifetime.ts'
import type { View } from '../view/view.ts'

/** The part of a view that is exported: what the filter takes, and unless it asks for a status, only endpoints that hold. */
export function exportView<Kind extends View>(view: Kind, filter: Filter): Kind {
  const filtered = filterView(view, filter)
  if (filter.status !== undefined) return filtered
  return {
    ...filtered,
    requirements: filtered.requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.filter(({ status }) => isLive(status))
    }))
  }
}

/** The view with the services that the filter names, and of these only the ports that it names. A service of every transport stays as it is. */
export function narrowServices<Kind extends View>(view: Kind, filter: Filter): Kind {
  const { transport, port } = filter
  if (transport === undefined && port === undefined) return view
  return {
    ...view,
    requirements: view.requirements.map((requirement) => ({
      ...requirement,
      services: narrowedServices(requirement.services, filter)
    }))
  }
}

/** Of some services those that a filter names, with the ports that it names. */
export function narrowedServices(services: readonly Service[], { transport, port }: Filter): Service[] {
  const narrow = (service: Service): Service => {
    if (port === undefined || !hasPorts(service.transport)) return service
    const wanted = [...new Set(port)].sort((a, b) => a - b)
    const { ports = [{ from: 1, to: 65535 }] } = service
    const left = wanted.filter((each) => ports.some(({ from, to }) => from <= each && each <= to))
    return { ...service, ports: left.map((each) => ({ from: each, to: each })) }
  }
  return services.filter((service) => serviceMatches(service, transport, port)).map(narrow)
}
