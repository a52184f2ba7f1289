import { endpointValue } from '../../domain/document/endpoint.ts'
import { endpointDescription, hostPrefix, netBoxPorts, netboxStatus, shortText, templateName } from './netbox.ts'
import type { ShapedLists, Snapshot } from './snapshot.ts'

/**
 * Entities for the ingest request of Diode, in the JSON form of its Protocol Buffers. Diode deletes nothing: with `status=all` retired
 * endpoints are included as `deprecated`.
 */
export function diodeShape({ requirements, endpoints }: Snapshot): ShapedLists {
  const entities: object[] = []
  for (const requirement of requirements) {
    for (const { protocol, ports } of netBoxPorts(requirement)) {
      const name = templateName(requirement, protocol)
      const fields = { description: shortText(requirement.title), custom_fields: portolanId(requirement.id) }
      entities.push({ service_template: { name, protocol, ports, ...fields } })
    }
  }
  for (const endpoint of endpoints) {
    if (endpoint.kind !== 'address') continue
    const value = endpointValue(endpoint)
    const fields = {
      status: netboxStatus(endpoint),
      description: endpointDescription(endpoint),
      ...(endpoint.remarks !== undefined && { comments: endpoint.remarks }),
      custom_fields: portolanId(endpoint.id)
    }
    entities.push(
      value.includes('/')
        ? { prefix: { prefix: value, ...fields } }
        : { ip_address: { address: hostPrefix(value), ...fields } }
    )
  }
  return { entities }
}

/** The value of a custom field is a message with its type. */
function portolanId(text: string): object {
  return { portolan_id: { text } }
}
