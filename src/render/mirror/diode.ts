import { ipamAddresses, shortText } from './ipam-address.ts'
import { netBoxPorts, netboxStatus, templateName } from './netbox.ts'
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
      const fields = { description: shortText(requirement.title), ...tagged(requirement.tags) }
      entities.push({
        service_template: { name, protocol, ports, ...fields, custom_fields: portolanId(requirement.id) }
      })
    }
  }
  for (const address of ipamAddresses(endpoints)) {
    const { prefix, isSingle, description, comments, tags, id } = address
    const texts = { status: netboxStatus(address), description, comments, ...tagged(tags) }
    const fields = { ...texts, custom_fields: portolanId(id) }
    entities.push(isSingle ? { ip_address: { address: prefix, ...fields } } : { prefix: { prefix, ...fields } })
  }
  return { entities }
}

/** Diode creates the tags that NetBox does not have. */
function tagged(tags: readonly string[] = []): object {
  return tags.length === 0 ? {} : { tags: tags.map((name) => ({ name })) }
}

/** The value of a custom field is a message with its type. */
function portolanId(text: string): object {
  return { portolan_id: { text } }
}
