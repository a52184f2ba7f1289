import { valueKey } from '../../domain/document/endpoint.ts'
import {
  addEntry,
  compareTargets,
  type ExportEntry,
  type SliceEntries,
  targetValue
} from '../../domain/export/export-entry.ts'
import { type ExportSource, sourcesText } from '../../domain/export/export-source.ts'
import type { Expression } from '../../domain/export/expression.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { spanName, type TimedSpan } from '../../domain/export/timed-span.ts'
import { isMulticast } from '../../domain/network/address.ts'
import type { PortRange, Service } from '../../domain/network/network-service.ts'
import { portText } from '../../domain/network/port.ts'
import type { Transport } from '../../domain/network/protocol.ts'

export type RuleDirection = 'outbound' | 'inbound'
export const ruleDirections = ['outbound', 'inbound'] as const satisfies readonly RuleDirection[]

/**
 * A rule for a tool without lists of ports: one direction, one range, and the entries that it is for. It joins the entries of several
 * slices, since many tools refuse the same rule twice.
 */
export interface Rule {
  /** `tcp-443`, `udp-123-from-123`, `icmp-8-0`, `tcp`, `ip-97`, `any`: the name depends only on transport and ports. */
  readonly name: string
  readonly direction: RuleDirection
  readonly transport: Transport
  /** Absent: all ports. */
  readonly ports?: PortRange
  readonly sourcePorts?: PortRange
  readonly icmp?: NonNullable<Service['icmp']>
  /** When it holds; absent: always. */
  readonly span?: TimedSpan
  /** The product's own end, in one family but for names. Absent: any. */
  readonly sources?: readonly ExportSource[]
  /** Never empty: some tools apply a rule without a destination to every destination. */
  readonly entries: readonly ExportEntry[]
}

/** The rules of slices: outbound first, then in the order of slices and ports. `both` becomes a rule in each direction. */
export function rulesOf(
  slices: readonly SliceEntries[],
  { hasSourcePorts, hasInboundDestinations }: Pick<Expression, 'hasSourcePorts' | 'hasInboundDestinations'>
): readonly Rule[] {
  const found = new Map<string, { readonly rule: Omit<Rule, 'entries'>; readonly entries: Map<string, ExportEntry> }>()
  for (const direction of ruleDirections) {
    for (const { slice, entries } of slices) {
      if (slice.direction !== 'both' && slice.direction !== direction) continue
      for (const ports of slice.ports ?? [undefined]) {
        for (const entry of entries) {
          if (direction === 'inbound' && !hasInboundDestinations && isGroup(entry)) continue
          const everySource = (hasSourcePorts ? entry.sourcePorts : undefined) ?? [undefined]
          // What comes in for a group has the group as its destination.
          const own = direction === 'inbound' && isGroup(entry) ? undefined : entry.sources
          for (const sourcePorts of everySource)
            add({ ...ruleOf(slice, direction, ports, sourcePorts), ...(own && { sources: own }) }, entry)
        }
      }
    }
  }
  for (const direction of ruleDirections) joinIcmp(direction)
  return [...found.values()].map(({ rule, entries }) => ({
    ...rule,
    entries: [...entries.values()].sort((a, b) => compareTargets(a.target, b.target))
  }))

  /** ICMP without a type is that of both families, so what it lets through is not let through once more as ICMPv6. */
  function joinIcmp(direction: RuleDirection): void {
    const [both, own] = [found.get(`${direction} icmp`), found.get(`${direction} icmpv6`)]
    if (!both || !own) return
    for (const [key, entry] of own.entries) {
      if (!both.entries.has(key)) continue
      addEntry(both.entries, key, entry)
      own.entries.delete(key)
    }
    if (own.entries.size === 0) found.delete(`${direction} icmpv6`)
  }

  function add(rule: Omit<Rule, 'entries'>, entry: ExportEntry): void {
    const key = [
      rule.direction,
      rule.name,
      ...(rule.span ? [spanName(rule.span)] : []),
      ...(rule.sources ? [sourcesText(rule.sources)] : [])
    ].join(' ')
    const group = found.get(key) ?? { rule, entries: new Map<string, ExportEntry>() }
    found.set(key, group)
    addEntry(group.entries, valueKey({ kind: entry.target.kind, value: targetValue(entry.target) }), entry)
  }
}

/** Whether an entry is a multicast group, which is never the source of what comes in. */
export function isGroup({ target }: ExportEntry): boolean {
  return target.kind === 'address' && isMulticast(target.address)
}

function ruleOf(
  { transport, icmp, span }: Slice,
  direction: RuleDirection,
  ports: PortRange | undefined,
  sourcePorts: PortRange | undefined
): Omit<Rule, 'entries'> {
  return {
    name: [
      transport.replace('/', '-'),
      icmp?.type,
      icmp?.code,
      ports && portText(ports),
      sourcePorts && `from-${portText(sourcePorts)}`
    ]
      .filter((part) => part !== undefined)
      .join('-'),
    direction,
    transport,
    ...(ports && { ports }),
    ...(sourcePorts && { sourcePorts }),
    ...(icmp && { icmp }),
    ...(span && { span })
  }
}
