import type { PackRow } from './change-pack.ts'

/** The commands that show whether the other end of a row answers; none where a protocol has no such command, or the value is no destination. */
export function probesOf({ kind, value, direction, transport, ports, icmp }: PackRow): readonly string[] {
  if (direction === 'inbound' || !(kind === 'host' || kind === 'address')) return []
  const target = value.replace(/\/\d+$/, '')
  if (target !== value || target.startsWith('*.')) return []
  if (transport === 'tcp' && ports) return ports.map(({ from }) => `nc -zw3 ${target} ${from}`)
  const isEcho = icmp === undefined || icmp.type === (transport === 'icmp' ? 8 : 128)
  return (transport === 'icmp' || transport === 'icmpv6') && isEcho ? [`ping -c1 -w3 ${target}`] : []
}
