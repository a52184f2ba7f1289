import { unionOf } from '../../domain/export/export-entry.ts'
import { inChunks } from '../../domain/group.ts'
import { families } from '../../domain/network/address.ts'
import { type Cidr, sliceCidrs } from '../export/cidr.ts'
import { entryNote } from '../export/comment.ts'
import type { ExportFile, PolicyFormat, PolicyInput } from '../export/format.ts'
import { definitionExpression } from '../export/list-expression.ts'
import { shortName } from '../export/short-name.ts'

/** Each list is one slice, and the rule that refers to it names the ports. Any address is the whole of each family. */
export const awsPrefixList: PolicyFormat = {
  kind: 'policy',
  name: 'aws-prefix-list',
  title: 'AWS managed prefix lists',
  description:
    'For aws ec2 create-managed-prefix-list with --cli-input-json: one list for each slice and family, even if it is empty. AWS takes 100 entries in one call: further files are for modify-managed-prefix-list. A list has at most 1,000 entries: more are in further lists. A security group counts a list as MaxEntries rules.',
  mediaType: 'application/json',
  extension: 'json',
  parts: [
    'SLICE-ipv4.json',
    'SLICE-ipv6.json',
    'SLICE-FAMILY-NUMBER.json',
    'SLICE-FAMILY-listNUMBER.json',
    'SLICE-FAMILY-listNUMBER-NUMBER.json'
  ],
  hasHeadroom: true,
  expression: definitionExpression,
  aggregate: 'none',
  render
}

const entriesInACall = 100
const entriesInAList = 1000
const longestDescription = 255
const longestName = 255

function render({ head: { id }, slices, headroom }: PolicyInput): readonly ExportFile[] {
  return slices.flatMap((group) =>
    families.flatMap((family) => {
      const cidrs = sliceCidrs(group.slice, unionOf([group])).filter(
        ({ cidr }) => cidr.includes(':') === (family === 'ipv6')
      )
      const [first = [], ...further] = inChunks(cidrs, entriesInAList)
      const base = `${group.slice.name}-${family}`
      const lists = [
        { base, entries: first },
        ...further.map((entries, index) => ({ base: `${base}-list${index + 2}`, entries }))
      ]
      return lists.flatMap(({ base, entries }) => listFiles(id, { base, family, entries, headroom }))
    })
  )
}

interface PrefixList {
  readonly base: string
  readonly family: 'ipv4' | 'ipv6'
  readonly entries: readonly Cidr[]
  readonly headroom: number
}

/** AWS does not let one call change both the entries of a list and its size, so a list may be made with room for more. */
function listFiles(id: string, { base, family, entries, headroom }: PrefixList): readonly ExportFile[] {
  const [first = [], ...further] = inChunks(entries, entriesInACall)
  return [
    jsonFile(`${base}.json`, {
      PrefixListName: shortName(`portolan-${id}-${base}`, longestName),
      AddressFamily: family === 'ipv4' ? 'IPv4' : 'IPv6',
      MaxEntries: Math.min(entriesInAList, Math.max(1, entries.length + headroom)),
      Entries: first.map(entryOf)
    }),
    ...further.map((added, index) => jsonFile(`${base}-${index + 2}.json`, { AddEntries: added.map(entryOf) }))
  ]
}

function entryOf({ cidr, entry }: Cidr): object {
  return { Cidr: cidr, Description: entryNote(entry, longestDescription) }
}

function jsonFile(name: string, content: object): ExportFile {
  return { part: name, name, mediaType: 'application/json', content: `${JSON.stringify(content, undefined, 2)}\n` }
}
