import { type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import { portText } from '../../domain/network/port.ts'
import { allCidrs, sliceCidrs } from '../export/cidr.ts'
import { commentLines, entryNote } from '../export/comment.ts'
import type { ExportFile, PolicyFormat, PolicyInput } from '../export/format.ts'
import { definitionExpression } from '../export/list-expression.ts'
import { shortName } from '../export/short-name.ts'
import { boundRoles, inRoles } from '../policy/bound-role.ts'
import { networkToken, roleToken, servicesOf, serviceToken } from '../policy/policy-token.ts'

export const capirca: PolicyFormat = {
  kind: 'policy',
  name: 'capirca',
  title: 'Capirca definitions',
  description:
    'For the definitions folder of Capirca: a file of networks, one for each slice, and a file of services. Tokens begin with the id of the catalogue. An empty slice has an address that no host has, since a term without addresses would match every address. Under a site each role that is bound is a network of its own, and so is self; slices refer to them.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'net',
  parts: ['net', 'svc'],
  expression: definitionExpression,
  aggregate: 'none',
  empty: 'placeholder',
  placeholders: ['address'],
  render
}

function render({ head, slices, own }: PolicyInput): readonly ExportFile[] {
  const heading = commentLines(head.lines, '#')
  const roles = boundRoles(slices, own).flatMap(({ name, entries }) => {
    const cidrs = allCidrs(entries)
    return cidrs.length === 0 ? [] : [{ name, entries, cidrs }]
  })
  const networks = [
    ...roles.map(({ name, cidrs }) => definitionText(roleToken(head.id, name), cidrs)),
    ...slices.map((group) => {
      const { roles: named, rest } = inRoles(group, roles)
      return definitionText(networkToken(head.id, group.slice), [
        ...named.map(({ name }) => roleToken(head.id, name)),
        ...networkValues(rest)
      ])
    })
  ]
  const services = servicesOf(slices).map((service) =>
    definitionText(
      serviceToken(head.id, service),
      service.ports.map((range) => `${portText(range)}/${service.transport}`)
    )
  )
  return [definitionFile('net', networks), definitionFile('svc', services)]

  function definitionFile(part: string, definitions: readonly string[]): ExportFile {
    return {
      part,
      name: `${shortName(head.id, 80)}.${part}`,
      mediaType: 'text/plain; charset=utf-8',
      content: heading + definitions.map((text) => `\n${text}`).join('')
    }
  }
}

function networkValues(group: SliceEntries): readonly string[] {
  return sliceCidrs(group.slice, unionOf([group])).map(({ cidr, entry }) => {
    const note = entryNote(entry)
    return note === '' ? cidr : `${cidr} # ${note}`
  })
}

/** A token with its first value, and the other values below it; empty if there is no value. */
function definitionText(token: string, values: readonly string[]): string {
  const indent = ' '.repeat(token.length + 3)
  return values.map((value, index) => `${index === 0 ? `${token} = ` : indent}${value}\n`).join('')
}
