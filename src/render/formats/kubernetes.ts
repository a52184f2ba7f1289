import type { SliceEntries } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import { allCidrs } from '../export/cidr.ts'
import { commentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { governedDirections, podLabels, policyMetadata, slicesInDirection } from '../policy/pod-policy.ts'
import type { RuleDirection } from '../policy/rule.ts'
import { renderYaml } from '../yaml.ts'

export const kubernetes: PolicyFormat = {
  kind: 'policy',
  name: 'kubernetes',
  title: 'Kubernetes NetworkPolicy',
  description:
    'For kubectl apply: a NetworkPolicy for the pods with the label portolan/catalogue. It has no host names, and pods that resolve names need another policy that opens DNS.',
  mediaType: 'application/yaml',
  extension: 'yaml',
  expression: {
    targets: { address: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: ['tcp', 'udp', 'sctp', 'any'],
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: false,
    hasInboundDestinations: false
  },
  aggregate: 'none',
  render
}

function render({ head, slices }: PolicyInput): string {
  const sides = governedDirections(slices)
  return `${commentLines(head.lines, '#')}${renderYaml({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: policyMetadata(head),
    spec: {
      podSelector: podLabels(head),
      policyTypes: sides.map((direction) => (direction === 'outbound' ? 'Egress' : 'Ingress')),
      ...(sides.includes('outbound') && { egress: policyRules(slices, 'outbound', 'to') }),
      ...(sides.includes('inbound') && { ingress: policyRules(slices, 'inbound', 'from') })
    }
  })}`
}

/** A rule without a peer is for everybody, so an empty slice has no rule. */
function policyRules(
  slices: readonly SliceEntries[],
  direction: RuleDirection,
  peer: 'to' | 'from'
): readonly object[] {
  return slicesInDirection(slices, direction)
    .filter(({ entries }) => entries.length > 0)
    .map(({ slice, entries }) => ({
      [peer]: allCidrs(entries).map((cidr) => ({ ipBlock: { cidr } })),
      ...(slice.transport !== 'any' && { ports: portsOf(slice) })
    }))
}

/** A protocol without a port means all of its ports. */
function portsOf({ transport, ports }: Slice): readonly object[] {
  const protocol = transport.toUpperCase()
  if (!ports) return [{ protocol }]
  return ports.map(({ from, to }) => ({ protocol, port: from, ...(to > from && { endPort: to }) }))
}
