import { type ExportEntry, type SliceEntries, unionOf } from '../../domain/export/export-entry.ts'
import type { OmissionReason } from '../../domain/export/expression.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { isIcmp } from '../../domain/network/protocol.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'

/** A target is one name or address, and one port of TCP or the echo of ICMP: all that a probe can find out from outside. */
export const prometheus: PolicyFormat = {
  kind: 'policy',
  name: 'prometheus',
  title: 'Prometheus targets of the blackbox exporter',
  description:
    'For http_sd_configs and file_sd_configs of Prometheus: a target for each name or address and port, which the blackbox exporter connects to. The module is in the label __param_module: tcp_connect, icmp, and icmp_ipv4 or icmp_ipv6 for names whose family is known.',
  mediaType: 'application/json',
  extension: 'json',
  expression: {
    targets: { address: 'exact', host: 'exact' },
    directions: ['outbound'],
    transports: ['tcp', 'icmp', 'icmpv6'],
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: true,
    hasInboundDestinations: true,
    omits
  },
  aggregate: 'none',
  render
}

/** A range of more ports is left out, since each port would be a target. */
const mostPorts = 16

function omits({ slice }: SliceEntries, { target }: ExportEntry): OmissionReason | undefined {
  if (target.kind === 'address' && target.address.value.includes('/')) return 'network'
  if (slice.icmp) return isEcho(slice) ? undefined : 'icmp_type'
  if (slice.transport !== 'tcp') return undefined
  return portsOf(slice).length > mostPorts || !slice.ports ? 'too_many_ports' : undefined
}

/** The exporter sends the request for an echo: type 8, and 128 in IPv6. */
function isEcho({ transport, icmp }: Slice): boolean {
  return icmp?.type === (transport === 'icmp' ? 8 : 128) && (icmp.code ?? 0) === 0
}

function portsOf({ ports = [] }: Slice): readonly number[] {
  return ports.flatMap(({ from, to }) =>
    Array.from({ length: Math.min(to - from, mostPorts) + 1 }, (_, index) => from + index)
  )
}

function render({ head: { id }, slices }: PolicyInput): string {
  const groups = slices.flatMap((group) =>
    unionOf([group]).map((entry) => ({
      targets: targetsOf(group.slice, entry),
      labels: {
        __param_module: moduleOf(group.slice, entry),
        portolan_catalogue: id,
        portolan_requirements: entry.requirements.join(' '),
        portolan_slice: group.slice.name,
        __meta_portolan_status: entry.status,
        ...(entry.until !== undefined && { __meta_portolan_until: entry.until })
      }
    }))
  )
  return `${JSON.stringify(groups, undefined, 2)}\n`
}

function targetsOf(slice: Slice, { target }: ExportEntry): readonly string[] {
  if (target.kind !== 'address' && target.kind !== 'host') return []
  const value = target.kind === 'address' ? target.address.value : target.value
  if (isIcmp(slice.transport)) return [value]
  return portsOf(slice).map((port) => (value.includes(':') ? `[${value}]:${port}` : `${value}:${port}`))
}

/** An address tells its family by itself. A name is asked for both, where nothing says which. */
function moduleOf({ transport, icmp }: Slice, { target }: ExportEntry): string {
  if (!isIcmp(transport)) return 'tcp_connect'
  if (target.kind !== 'host') return 'icmp'
  if (transport === 'icmpv6') return 'icmp_ipv6'
  return icmp ? 'icmp_ipv4' : 'icmp'
}
