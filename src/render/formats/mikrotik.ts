import type { ExportTarget } from '../../domain/export/export-entry.ts'
import { type ExportSource, sourcesName } from '../../domain/export/export-source.ts'
import { uniqueBy } from '../../domain/group.ts'
import { type Family, families } from '../../domain/network/address.ts'
import { portText } from '../../domain/network/port.ts'
import { hasPorts, isIcmp, protocolNumber } from '../../domain/network/protocol.ts'
import { cidrText } from '../export/cidr.ts'
import { typedCommentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { omitsEveryType } from '../policy/packet-filter.ts'
import { deviceExpression, type PeerRule, peerRules } from '../policy/peer-rule.ts'

/** RouterOS has ports of TCP, UDP, UDP-Lite, DCCP and SCTP. A list takes names, which the router keeps resolving, but no wildcards. */
export const mikrotik: PolicyFormat = {
  kind: 'policy',
  name: 'mikrotik',
  title: 'MikroTik RouterOS script',
  description:
    'For /import of RouterOS 6.46 and newer: an address list for each rule, and filter rules in two chains of its own that you jump to once. Run again, it adds what is new, removes what has gone, and leaves everything else in place.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'rsc',
  expression: {
    ...deviceExpression,
    targets: { address: 'exact', host: 'exact', any: 'exact' },
    omits: (group, entry) => omitsEveryType(group, entry) ?? deviceExpression.omits(group)
  },
  aggregate: 'none',
  render
}

const menus: Readonly<Record<Family, string>> = { ipv4: '/ip firewall', ipv6: '/ipv6 firewall' }

/** No text of the catalogue stands in a command: ids, labels, addresses and names have no character that RouterOS would expand. */
function render({ head, slices }: PolicyInput): string {
  const rules = peerRules(slices, mikrotik.expression, true)
  return [
    typedCommentLines([...head.lines, ...usageOf(head.id)], '#'),
    ...families.map((family) =>
      familyText(
        head.id,
        family,
        rules.filter((rule) => rule.families.includes(family))
      )
    )
  ].join('')
}

function usageOf(id: string): readonly string[] {
  return families.flatMap((family) =>
    (['out', 'in'] as const).map(
      (side) => `once: ${menus[family]} filter add chain=forward action=jump jump-target=portolan-${side}-${id}`
    )
  )
}

/**
 * The new entries and rules are added under another tag before those go that are no longer named, so that what stays is never missing.
 * Entries are compared as the router writes them. A rule may stand twice for a moment, an entry of a list may not.
 */
function familyText(id: string, family: Family, rules: readonly PeerRule[]): string {
  const [list, filter] = [`${menus[family]} address-list`, `${menus[family]} filter`]
  const [tag, next] = [`"portolan ${id}"`, `"portolan next ${id}"`]
  const entries = uniqueBy(
    rules.flatMap((rule) => [
      ...(rule.sources ?? []).map((source) => ({ name: ownName(id, rule.sources), value: addressText(source) })),
      ...(rule.peers === 'listed' ? rule.entries : []).map(({ target }) => ({
        name: listName(id, rule),
        value: addressText(target)
      }))
    ]),
    ({ name, value }) => `${name} ${value}`
  )
  return [
    `${list} remove [find where comment=${next}]`,
    `${filter} remove [find where comment=${next}]`,
    ...entries.map(
      ({ name, value }) =>
        `:do {${list} add list="next ${name}" address=${value} comment=${next}} on-error={:log warning "portolan: an entry of ${name} was refused"}`
    ),
    `:foreach ptlEntry in=[${list} find where comment=${tag}] do={`,
    `  :local ptlList [${list} get $ptlEntry list]`,
    `  :local ptlAddress [${list} get $ptlEntry address]`,
    `  :if ([:len [${list} find where list="next $ptlList" and address=$ptlAddress]] = 0) do={${list} remove $ptlEntry}`,
    '}',
    `:foreach ptlEntry in=[${list} find where comment=${next}] do={`,
    `  :local ptlList [:pick [${list} get $ptlEntry list] 5 255]`,
    `  :local ptlAddress [${list} get $ptlEntry address]`,
    `  :do {${list} add list=$ptlList address=$ptlAddress comment=${tag}} on-error={}`,
    '}',
    `${list} remove [find where comment=${next}]`,
    ...rules.map((rule) => `${filter} add ${ruleText(id, family, rule)} comment=${next}`),
    `${filter} remove [find where comment=${tag}]`,
    `${filter} set [find where comment=${next}] comment=${tag}`
  ]
    .map((line) => `${line}\n`)
    .join('')
}

function listName(id: string, { label }: PeerRule): string {
  return `${id} ${label.replace(/-ipv[46]$/, '')}`
}

/** The list of the product's own addresses, which rules share. */
function ownName(id: string, sources: readonly ExportSource[] = []): string {
  return `${id} ${sourcesName(sources)}`
}

/** IPv6 lists have every address with its prefix. */
function addressText(target: ExportTarget): string {
  if (target.kind === 'address')
    return target.address.family === 'ipv6' ? cidrText(target.address) : target.address.value
  return target.kind === 'host' ? `"${target.value}"` : ''
}

function ruleText(id: string, family: Family, rule: PeerRule): string {
  const { direction, end, peers, ports, sourcePorts, icmp, sources } = rule
  const protocol = protocolWord(rule, family)
  return [
    `chain="portolan-${direction === 'outbound' ? 'out' : 'in'}-${id}" action=accept`,
    protocol && `protocol=${protocol}`,
    icmp && `icmp-options=${icmp.type}:${icmp.code ?? '0-255'}`,
    sourcePorts && `src-port=${portText(sourcePorts)}`,
    ports && `dst-port=${portText(ports)}`,
    sources && `${end === 'source' ? 'dst' : 'src'}-address-list="${ownName(id, sources)}"`,
    peers === 'listed' && `${end === 'source' ? 'src' : 'dst'}-address-list="${listName(id, rule)}"`
  ]
    .filter((word) => word)
    .join(' ')
}

/** Protocols by the names that every version knows, and others by number. */
function protocolWord({ transport }: PeerRule, family: Family): string | undefined {
  if (isIcmp(transport)) return family === 'ipv4' ? 'icmp' : 'icmpv6'
  return hasPorts(transport) ? transport : protocolNumber(transport)?.toString()
}
