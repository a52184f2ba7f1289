import { type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import { type Cidr, sliceCidrs } from '../export/cidr.ts'
import { entryNote } from '../export/comment.ts'
import type { ExportFile, ExportHead, PolicyFormat, PolicyInput } from '../export/format.ts'
import { shortName } from '../export/short-name.ts'

/** Each list is one slice, and the rule that refers to it names the ports. Any address is the whole of each family. */
export const awsPrefixList: PolicyFormat = {
  kind: 'policy',
  name: 'aws-prefix-list',
  title: 'AWS managed prefix lists',
  description:
    'For aws ec2 create-managed-prefix-list with --cli-input-json: one list for each slice and family, even if it is empty. AWS takes 100 entries in one call: further files are for modify-managed-prefix-list. A security group counts a list as MaxEntries rules.',
  mediaType: 'application/json',
  extension: 'json',
  parts: ['SLICE-ipv4.json', 'SLICE-ipv6.json', 'SLICE-FAMILY-NUMBER.json'],
  expression: {
    targets: { address: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: 'every',
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: true,
    hasInboundDestinations: true
  },
  aggregate: 'none',
  render
}

const entriesInACall = 100
const longestDescription = 255
const longestName = 255

function render({ head, slices }: PolicyInput): readonly ExportFile[] {
  return slices.flatMap((group) => [...listFiles(head, group, 'ipv4'), ...listFiles(head, group, 'ipv6')])
}

function listFiles({ id }: ExportHead, group: SliceEntries, family: 'ipv4' | 'ipv6'): readonly ExportFile[] {
  const cidrs = sliceCidrs(group.slice, unionOf([group])).filter(
    ({ cidr }) => cidr.includes(':') === (family === 'ipv6')
  )
  const base = `${group.slice.name}-${family}`
  const created = jsonFile(`${base}.json`, {
    PrefixListName: shortName(`portolan-${id}-${base}`, longestName),
    AddressFamily: family === 'ipv4' ? 'IPv4' : 'IPv6',
    MaxEntries: Math.max(1, cidrs.length),
    Entries: cidrs.slice(0, entriesInACall).map(entryOf)
  })
  const added = Array.from({ length: Math.max(0, Math.ceil(cidrs.length / entriesInACall) - 1) }, (_, index) =>
    jsonFile(`${base}-${index + 2}.json`, {
      AddEntries: cidrs.slice((index + 1) * entriesInACall, (index + 2) * entriesInACall).map(entryOf)
    })
  )
  return [created, ...added]
}

function entryOf({ cidr, entry }: Cidr): object {
  return { Cidr: cidr, Description: entryNote(entry, longestDescription) }
}

function jsonFile(name: string, content: object): ExportFile {
  return { part: name, name, mediaType: 'application/json', content: `${JSON.stringify(content, undefined, 2)}\n` }
}
