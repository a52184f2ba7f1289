import { compareAddresses, type ParsedAddress, storedAddress } from '../../domain/network/address.ts'
import type { ShapeReport } from '../../domain/shape/shape-report.ts'
import { compareText } from '../../domain/text.ts'
import type { View, ViewRequirement } from '../../domain/view/view.ts'
import { cidrText } from '../export/cidr.ts'

interface Prefix {
  readonly address: ParsedAddress
  readonly region: string
  readonly service: string
  readonly borderGroup: string
}

const borderTag = 'border-group-'

/**
 * The addresses of a view as AWS publishes its own, one property a line, sorted by address, service and region.
 * https://docs.aws.amazon.com/vpc/latest/userguide/aws-ip-syntax.html
 * @param syncToken unix seconds
 */
export function awsRanges(view: View, syncToken: number): { readonly body: string; readonly report: ShapeReport } {
  const prefixes = sortedPrefixes(view)
  const of = (family: ParsedAddress['family'], name: string) =>
    prefixes
      .filter(({ address }) => address.family === family)
      .map(({ address, region, service, borderGroup }) => ({
        [name]: cidrText(address),
        region,
        service,
        network_border_group: borderGroup
      }))
  const ranges = {
    syncToken: String(syncToken),
    createDate: createDateOf(syncToken),
    prefixes: of('ipv4', 'ip_prefix'),
    ipv6_prefixes: of('ipv6', 'ipv6_prefix')
  }
  return { body: `${JSON.stringify(ranges, null, 2)}\n`, report: reportOf(view, prefixes.length) }
}

/** The instant of a token as `YYYY-MM-DD-HH-MM-SS`, UTC. */
function createDateOf(syncToken: number): string {
  return new Date(syncToken * 1000).toISOString().slice(0, 19).replace(/[T:]/g, '-')
}

function sortedPrefixes(view: View): readonly Prefix[] {
  const found = new Map<string, Prefix>()
  for (const requirement of view.requirements) {
    const { region, service } = namesOf(requirement)
    for (const endpoint of requirement.endpoints) {
      if (endpoint.kind !== 'address') continue
      const name = `${endpoint.value}\n${service}\n${region}`
      const tag = endpoint.tags?.find((each) => each.startsWith(borderTag))
      if (found.has(name)) continue
      const borderGroup = tag?.slice(borderTag.length) ?? region
      found.set(name, { address: storedAddress(endpoint.value), region, service, borderGroup })
    }
  }
  return [...found.values()].sort(
    (a, b) =>
      compareAddresses(a.address, b.address) || compareText(a.service, b.service) || compareText(a.region, b.region)
  )
}

function namesOf({ key, externalIds }: ViewRequirement): Pick<Prefix, 'region' | 'service'> {
  return { region: externalIds?.['aws-region'] ?? 'GLOBAL', service: externalIds?.['aws-service'] ?? key.toUpperCase() }
}

/** An address stands without its ports and its direction. */
function reportOf({ requirements }: View, entries: number): ShapeReport {
  const isNarrow = ({ direction, services }: ViewRequirement) =>
    direction !== 'both' || services.some(({ transport }) => transport !== 'any')
  const addresses = ({ endpoints }: ViewRequirement) => endpoints.filter(({ kind }) => kind === 'address').length
  const sum = (count: (requirement: ViewRequirement) => number) =>
    requirements.reduce((total, requirement) => total + count(requirement), 0)
  return {
    entries,
    omitted: sum((requirement) => requirement.endpoints.length - addresses(requirement)),
    widened: sum((requirement) => (isNarrow(requirement) ? addresses(requirement) : 0)),
    unnamed: requirements.filter(({ endpoints }) => endpoints.length === 0).length
  }
}
