import type { Document } from '../document/document.ts'
import type { Service } from '../network/network-service.ts'

/**
 * The requirements with the services of the head, where these say the same: a table has a row for each range of ports, and does not tell one
 * service with two ports from two services.
 */
export function keepServices(
  requirements: Document['requirements'],
  head: Document['requirements']
): Document['requirements'] {
  const before = new Map(head.map(({ key, services }) => [key, services]))
  return requirements.map((requirement) => {
    const services = before.get(requirement.key)
    const isSame = services && rangesText(services) === rangesText(requirement.services)
    return isSame ? { ...requirement, services } : requirement
  })
}

function rangesText(services: readonly Service[]): string {
  const ranges = services.flatMap(({ ports, ...service }) =>
    ports ? ports.map((range) => ({ ...service, range })) : [service]
  )
  return [...new Set(ranges.map((range) => JSON.stringify(range)))].sort().join('\n')
}
