import type { PackRow, PackStep } from '../../domain/change-pack/change-pack.ts'
import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { formatInstant } from '../../domain/time/instant.ts'

/** A range of more ports is left out, since each port would be a target. */
const mostPorts = 16

/** Targets for Prometheus and its blackbox exporter, in the shape of http_sd_configs and file_sd_configs. */
export interface ProbeGroup {
  readonly targets: readonly string[]
  readonly labels: Readonly<Record<string, string>>
}

/**
 * What the steps ask that verify: the successors, which must answer before what they replace is closed. What cannot be asked from outside (networks,
 * wildcards, inbound flows, UDP) is left out.
 */
export function packProbes(pack: SubjectPack): readonly ProbeGroup[] {
  return pack.steps.flatMap((step) =>
    step.do === 'verify' ? step.rows.flatMap((row) => groupOf(pack, step, row)) : []
  )
}

function groupOf(
  { id, subject }: SubjectPack,
  { n, by }: Extract<PackStep, { readonly do: 'verify' }>,
  row: PackRow
): readonly ProbeGroup[] {
  const targets = targetsOf(row)
  if (targets.length === 0) return []
  const labels = {
    __param_module: row.transport === 'tcp' ? 'tcp_connect' : 'icmp',
    [`portolan_${subject.kind}`]: subject.id,
    portolan_pack: id,
    portolan_step: String(n),
    portolan_by: formatInstant(by),
    portolan_requirements: row.requirements.join(' ')
  }
  return [{ targets, labels }]
}

function targetsOf({ direction, kind, value, transport, ports, icmp }: PackRow): readonly string[] {
  if (direction === 'inbound' || (kind !== 'host' && kind !== 'address') || value.startsWith('*.')) return []
  // A single address may be written with the length of its prefix.
  const single = value.replace(value.includes(':') ? /\/128$/ : /\/32$/, '')
  if (single.includes('/')) return []
  if (transport === 'icmp' || transport === 'icmpv6')
    return icmp === undefined || icmp.type === (transport === 'icmp' ? 8 : 128) ? [single] : []
  if (transport !== 'tcp') return []
  const host = single.includes(':') ? `[${single}]` : single
  return (ports ?? []).flatMap(({ from, to }) =>
    to - from < mostPorts ? Array.from({ length: to - from + 1 }, (_, index) => `${host}:${from + index}`) : []
  )
}
