import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import { sourceFamilies, sourcesName } from '../../domain/export/export-source.ts'
import type { Expression } from '../../domain/export/expression.ts'
import { spanName } from '../../domain/export/timed-span.ts'
import { type Family, families } from '../../domain/network/address.ts'
import { reachesFamily } from '../../domain/network/network-service.ts'
import { isIcmp } from '../../domain/network/protocol.ts'
import { omitsProtocolZero } from './packet-filter.ts'
import { isGroup, type Rule, rulesOf } from './rule.ts'

/**
 * A rule for a device that has a name for the peers of a rule: all of its peers are one end of the connection, and they are listed, or
 * they are any address. What comes in for multicast groups has a rule of its own, since the group is the destination of the packet.
 */
export interface PeerRule extends Rule {
  /** Unique among the rules of an export: `out-tcp-443`, `out-tcp-8443-any`, `in-udp-36699-groups`, `out-icmp-8-0-ipv4`. */
  readonly label: string
  readonly peers: 'listed' | 'any'
  /** The end of the connection at which the peers are. */
  readonly end: 'destination' | 'source'
  /** The families of the peers. A name is of each of them. */
  readonly families: readonly Family[]
}

/** What devices with such rules express beside their targets. */
export const deviceExpression = {
  directions: ['inbound', 'outbound'],
  transports: 'every',
  hasPorts: true,
  hasSourcePorts: true,
  hasIcmpTypes: true,
  hasInboundDestinations: true,
  sources: ['address', 'host'],
  omits: omitsProtocolZero
} as const satisfies Omit<Expression, 'targets'>

/** The rules of slices. `isSplit`: whether a device needs a rule for each family; ICMP always does, since it is another protocol in each. */
export function peerRules(
  slices: readonly SliceEntries[],
  expression: Expression,
  isSplit: boolean
): readonly PeerRule[] {
  return rulesOf(slices, expression)
    .filter((rule) => saysPorts(rule, expression))
    .flatMap((rule) =>
      (isSplit || isIcmp(rule.transport) ? families.map((family) => [family]) : [families]).flatMap((own) =>
        peerRulesIn(rule, own)
      )
    )
}

/** Of a slice whose ports cannot be said, only the placeholder of an empty list is left. */
function saysPorts({ transport, ports, sourcePorts }: Rule, { portsOf }: Expression): boolean {
  return !(ports ?? sourcePorts) || !portsOf || portsOf.some((name) => name === transport)
}

function peerRulesIn(rule: Rule, own: readonly Family[]): readonly PeerRule[] {
  const ofSources = rule.sources ? sourceFamilies(rule.sources) : families
  const reached = own.filter((family) => reachesFamily(rule, family) && ofSources.includes(family))
  const entries = rule.entries.filter(({ target }) =>
    target.kind === 'address' ? reached.includes(target.address.family) : reached.length > 0
  )
  const isInbound = rule.direction === 'inbound'
  const isAny = ({ target }: ExportEntry) => target.kind === 'any'
  const isInboundGroup = (entry: ExportEntry) => isInbound && isGroup(entry)
  const end = isInbound ? 'source' : 'destination'
  const [only] = own.length === 1 ? own : []
  const part = (suffix: string, rest: Pick<PeerRule, 'peers' | 'end'>, found: readonly ExportEntry[]): PeerRule[] =>
    found.length === 0
      ? []
      : [
          {
            ...rule,
            ...rest,
            label: [
              isInbound ? 'in' : 'out',
              rule.name,
              suffix,
              only,
              rule.span && spanName(rule.span),
              rule.sources && sourcesName(rule.sources)
            ]
              .filter((word) => word)
              .join('-'),
            families: reached,
            entries: found
          }
        ]
  return [
    ...part(
      '',
      { peers: 'listed', end },
      entries.filter((entry) => !isAny(entry) && !isInboundGroup(entry))
    ),
    ...part('groups', { peers: 'listed', end: 'destination' }, entries.filter(isInboundGroup)),
    ...part('any', { peers: 'any', end }, entries.filter(isAny))
  ]
}
