import type { ExportTarget } from '../../domain/export/export-entry.ts'
import { inChunks } from '../../domain/group.ts'
import { sha256 } from '../../domain/json/sha256.ts'
import { isIcmp } from '../../domain/network/protocol.ts'
import { shortName } from '../export/short-name.ts'
import type { PeerRule } from './peer-rule.ts'

/** What a device has an object for. */
type ObjectTarget = Extract<ExportTarget, { readonly kind: 'address' | 'host' | 'wildcard' }>

/**
 * The name of the object for a value: `portolan--net-198.51.100.0_25`, `portolan--host-www.example.net`. It depends only on the value, so
 * that catalogues share the object, and making it again changes nothing. No id has two hyphens in a row, so no name of a catalogue begins
 * like it. A digest stands for what would be longer than `most`, since whoever publishes a catalogue chooses its names.
 */
export function objectName(target: ObjectTarget, most: number): string {
  const name = `portolan--${objectText(target)}`
  return name.length <= most ? name : `portolan--digest-${sha256(name).slice('sha256:'.length, 39)}`
}

function objectText(target: ObjectTarget): string {
  switch (target.kind) {
    case 'address':
      return `net-${target.address.value.replaceAll(':', '-').replace('/', '_')}`
    case 'host':
      return `host-${target.value}`
    case 'wildcard':
      return `under-${target.value}`
    default:
      throw new Error(`unknown kind of object: ${target satisfies never}`)
  }
}

/**
 * The name of what a catalogue has for itself: `portolan-ID-out-tcp-443`, in at most `most` characters. `id`: as the device takes it. Of a label
 * that leaves no room for the id a digest stands for the end.
 */
export function catalogueName(id: string, label: string, most: number): string {
  const room = most - leastOfId - 1
  const isLong = label.length > most - shortestId - 1
  const own = isLong ? `${label.slice(0, room - 13)}-${sha256(label).slice('sha256:'.length, 19)}` : label
  return `${shortName(`portolan-${id}`, most - own.length - 1)}-${own}`
}

/** How short an id may become, and how much room it has beside a label that is cut itself. */
const shortestId = 10
const leastOfId = 24

/** The name of the service of a rule, which depends only on transport and ports: `portolan--tcp-443`. ICMP has one for each family. */
export function serviceName({ name, transport, families }: PeerRule): string {
  const isIcmpv6 = isIcmp(transport) && families.includes('ipv6')
  return `portolan--${isIcmpv6 ? name.replace(/^icmp(?!v6)/, 'icmpv6') : name}`
}

interface MemberPart {
  readonly name: string
  readonly members: readonly string[]
}

/** A group of some members; where a group takes no more than `most`, after the groups that it is made of. `nameOf`: with `-part1`, or as it is. */
export function memberParts(
  members: readonly string[],
  most: number,
  nameOf: (part: string) => string
): readonly MemberPart[] {
  if (members.length === 0) return []
  if (members.length <= most) return [{ name: nameOf(''), members }]
  const parts = inChunks(members, most).map((chunk, index) => ({ name: nameOf(`-part${index + 1}`), members: chunk }))
  return [...parts, { name: nameOf(''), members: parts.map(({ name }) => name) }]
}
