import { endpointValue } from '../../domain/document/endpoint.ts'
import { describe, netBoxPorts, netboxStatus, short, templateName, withLength } from './netbox.ts'
import type { Shaped, Snapshot } from './snapshot.ts'

/**
 * Entities for the ingest request of Diode, in the JSON form of its Protocol Buffers. Diode deletes nothing: what retired comes as
 * `deprecated` where it is asked for with `status=all`.
 */
export function diodeShape({ requirements, endpoints }: Snapshot): Shaped {
  const entities: object[] = []
  for (const requirement of requirements) {
    for (const { protocol, ports } of netBoxPorts(requirement)) {
      const name = templateName(requirement, protocol)
      const fields = { description: short(requirement.title), custom_fields: portolanId(requirement.id) }
      entities.push({ service_template: { name, protocol, ports, ...fields } })
    }
  }
  for (const endpoint of endpoints) {
    if (endpoint.kind !== 'address') continue
    const value = endpointValue(endpoint)
    const fields = {
      status: netboxStatus(endpoint),
      description: describe(endpoint),
      ...(endpoint.remarks !== undefined && { comments: endpoint.remarks }),
      custom_fields: portolanId(endpoint.id)
    }
    entities.push(
      value.includes('/')
        ? { prefix: { prefix: value, ...fields } }
        : { ip_address: { address: withLength(value), ...fields } }
    )
  }
  return { entities }
}

/** A custom field is a message that says its type. */
function portolanId(text: string): object {
  return { portolan_id: { text } }
}
