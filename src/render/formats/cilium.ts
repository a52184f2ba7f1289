import type { ExportEntry, SliceEntries } from '../../domain/export/export-entry.ts'
import type { Slice } from '../../domain/export/slice.ts'
import type { PortRange } from '../../domain/network/network-service.ts'
import { hasWholeLabels } from '../../domain/network/pattern.ts'
import { allCidrs } from '../export/cidr.ts'
import { commentLines } from '../export/comment.ts'
import type { PolicyFormat, PolicyInput } from '../export/format.ts'
import { governedDirections, podLabels, policyMetadata, slicesInDirection } from '../policy/pod-policy.ts'
import { renderYaml } from '../yaml.ts'

export const cilium: PolicyFormat = {
  kind: 'policy',
  name: 'cilium',
  title: 'Cilium network policy',
  description:
    'For kubectl apply in a cluster with Cilium: names as toFQDNs, addresses as toCIDRSet, for the pods with the label portolan/catalogue. Subdomains are **.name: of any depth since Cilium 1.19, of one label in older versions. If there are names, the policy lets the pods query the DNS of the cluster, since Cilium learns addresses from its answers.',
  mediaType: 'application/yaml',
  extension: 'yaml',
  expression: {
    targets: { address: 'exact', host: 'exact', wildcard: 'exact', pattern: 'exact', any: 'exact' },
    directions: ['inbound', 'outbound'],
    transports: ['tcp', 'udp', 'sctp', 'any'],
    hasPorts: true,
    hasSourcePorts: false,
    hasIcmpTypes: false,
    hasInboundDestinations: false,
    omits: ({ slice }, entry) => {
      // An asterisk of Cilium stands for no character too, and only a label is never empty.
      if (entry.target.kind === 'pattern' && !hasWholeLabels(entry.target.value)) return 'pattern'
      return isName(entry) && slice.direction !== 'outbound' ? 'inbound_name' : undefined
    }
  },
  aggregate: 'none',
  render
}

function render({ head, slices }: PolicyInput): string {
  const sides = governedDirections(slices)
  return `${commentLines(head.lines, '#')}${renderYaml({
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: policyMetadata(head),
    spec: {
      endpointSelector: podLabels(head),
      ...(sides.includes('outbound') && { egress: orNobody([...dnsRule(slices), ...egress(slices)]) }),
      ...(sides.includes('inbound') && { ingress: orNobody(ingress(slices)) })
    }
  })}`
}

/** An empty list would leave everything open. One empty rule lets nobody through. */
function orNobody(rules: readonly object[]): readonly object[] {
  return rules.length > 0 ? rules : [{}]
}

function isName({ target }: ExportEntry): boolean {
  return target.kind === 'host' || target.kind === 'wildcard' || target.kind === 'pattern'
}

function egress(slices: readonly SliceEntries[]): readonly object[] {
  return slicesInDirection(slices, 'outbound').flatMap(({ slice, entries }) => {
    const names = entries.flatMap(selectorOf)
    const cidrs = cidrSet(entries)
    return [
      ...(names.length > 0 ? [{ toFQDNs: names, ...toPorts(slice) }] : []),
      ...(cidrs.length > 0 ? [{ toCIDRSet: cidrs, ...toPorts(slice) }] : []),
      ...(entries.some(isAny) ? [{ toEntities: everybody, ...toPorts(slice) }] : [])
    ]
  })
}

function ingress(slices: readonly SliceEntries[]): readonly object[] {
  return slicesInDirection(slices, 'inbound').flatMap(({ slice, entries }) => {
    const cidrs = cidrSet(entries)
    return [
      ...(cidrs.length > 0 ? [{ fromCIDRSet: cidrs, ...toPorts(slice) }] : []),
      ...(entries.some(isAny) ? [{ fromEntities: everybody, ...toPorts(slice) }] : [])
    ]
  })
}

/** A CIDR selects neither nodes nor pods of the cluster, which any address includes. */
const everybody = ['all']

function isAny({ target }: ExportEntry): boolean {
  return target.kind === 'any'
}

function cidrSet(entries: readonly ExportEntry[]): readonly object[] {
  return allCidrs(entries.filter((entry) => !isAny(entry))).map((cidr) => ({ cidr }))
}

function selectorOf({ target }: ExportEntry): readonly object[] {
  if (target.kind === 'host') return [{ matchName: target.value }]
  if (target.kind === 'pattern') return [{ matchPattern: target.value }]
  return target.kind === 'wildcard' ? [{ matchPattern: `**.${target.value}` }] : []
}

/** Without this rule Cilium sees no answer of DNS, and knows no address of a name. */
function dnsRule(slices: readonly SliceEntries[]): readonly object[] {
  if (!slicesInDirection(slices, 'outbound').some(({ entries }) => entries.some(isName))) return []
  return [
    {
      toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s:k8s-app': 'kube-dns' } }],
      toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }]
    }
  ]
}

/** The most ports that one list may have. */
const mostPorts = 40
const allPorts: readonly PortRange[] = [{ from: 1, to: 65535 }]

function toPorts({ transport, ports = allPorts }: Slice): object {
  if (transport === 'any') return {}
  const all = ports.map(({ from, to }) => ({
    port: String(from),
    ...(to > from && { endPort: to }),
    protocol: transport.toUpperCase()
  }))
  const lists = Array.from({ length: Math.ceil(all.length / mostPorts) }, (_, index) => ({
    ports: all.slice(index * mostPorts, (index + 1) * mostPorts)
  }))
  return { toPorts: lists }
}
