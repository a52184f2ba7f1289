import { type ExportEntry, type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import { portText } from '../../domain/network/port.ts'
import { allCidrs, sliceCidrs } from '../export/cidr.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { definitionExpression } from '../export/list-expression.ts'
import { boundRoles, inRoles } from '../policy/bound-role.ts'
import { networkToken, roleToken, servicesOf, serviceToken, type TokenPorts } from '../policy/policy-token.ts'
import { renderYaml } from '../yaml.ts'

export const aerleon: PolicyFormat = {
  kind: 'policy',
  name: 'aerleon',
  title: 'Aerleon definitions',
  description:
    'For the definitions folder of Aerleon: a network for each slice, and a service for its ports. Tokens begin with the id of the catalogue. An empty slice has an address that no host has, since a term without addresses would match every address. Under a site each role that is bound is a network of its own, and so is self; slices refer to them.',
  mediaType: 'application/yaml',
  extension: 'yaml',
  expression: { ...definitionExpression, targets: { ...definitionExpression.targets, host: 'exact' } },
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['either'],
  render
}

function render({ head, slices, own }: PolicyInput): string {
  const roles = boundRoles(slices, own)
  const networks = [
    ...roles.map(({ name, entries }) => [roleToken(head.id, name), { values: roleValues(entries) }]),
    ...slices.map((group) => {
      const { roles: named, rest } = inRoles(group, roles)
      const values = [...named.map(({ name }) => ({ name: roleToken(head.id, name) })), ...networkValues(rest)]
      return [networkToken(head.id, group.slice), { values }]
    })
  ]
  const services = servicesOf(slices).map((service) => [serviceToken(head.id, service), portsOf(service)])
  return `${commentLines(head.lines, '#')}${renderYaml({
    networks: Object.fromEntries(networks),
    services: Object.fromEntries(services)
  })}`
}

function networkValues(group: SliceEntries): readonly object[] {
  const entries = unionOf([group])
  return [
    ...sliceCidrs(group.slice, entries).map(({ cidr, entry }) => ({ address: cidr, ...commentOf(entry) })),
    ...hostValues(entries)
  ]
}

function roleValues(entries: readonly ExportEntry[]): readonly object[] {
  return [...allCidrs(entries).map((address) => ({ address })), ...hostValues(entries)]
}

function hostValues(entries: readonly ExportEntry[]): readonly object[] {
  return entries.flatMap((entry) =>
    entry.target.kind === 'host' ? [{ fqdn: entry.target.value, ...commentOf(entry) }] : []
  )
}

function commentOf(entry: ExportEntry): object {
  const comment = entryNote(entry)
  return comment === '' ? {} : { comment }
}

function portsOf({ transport, ports }: TokenPorts): readonly object[] {
  return ports.map((range) => ({
    port: range.from === range.to ? range.from : portText(range),
    protocol: transport
  }))
}
