import { type ExportEntry, type ExportTarget, targetValue } from '../../domain/export/export-entry.ts'
import { sourcesName } from '../../domain/export/export-source.ts'
import { uniqueBy } from '../../domain/group.ts'
import { isMulticast } from '../../domain/network/address.ts'
import { hasWholeLabels } from '../../domain/network/pattern.ts'
import { portText } from '../../domain/network/port.ts'
import { protocolNumberIn } from '../../domain/network/protocol.ts'
import { minuteMs } from '../../domain/time/duration.ts'
import { readInstant } from '../../domain/time/instant.ts'
import { cidrText } from '../export/cidr.ts'
import type { ExportHead, PolicyFormat, PolicyInput } from '../export/format.ts'
import { panUrl } from '../export/pan-url.ts'
import { shortName } from '../export/short-name.ts'
import { catalogueName, memberParts, objectName, serviceName } from '../policy/device-object.ts'
import { deviceExpression, type PeerRule, peerRules } from '../policy/peer-rule.ts'
import { type Minute, minuteOf, scheduleOf, schedulesOf } from '../policy/schedule.ts'

/** Far enough from every date of a catalogue, and known to the clocks of devices. */
const lastDate = minuteOf(Date.UTC(2099, 11, 31, 23, 59))

/** A category of URLs is compared with requests of HTTP and names in TLS: it is never a source, and always over TCP. */
export const panos: PolicyFormat = {
  kind: 'policy',
  name: 'panos',
  title: 'PAN-OS set commands',
  description:
    'For the configuration mode of PAN-OS, whose commit puts all of it in force at once: addresses and names, a group for the peers of each rule, custom categories for wildcards, patterns and URLs of the web, services, applications for protocols without ports, and security rules from any zone to any. mode=objects leaves the rules out; mode=remove deletes what the others make.',
  mediaType: 'text/plain; charset=utf-8',
  extension: 'txt',
  modes: ['rules', 'objects', 'remove'],
  expression: {
    ...deviceExpression,
    targets: { address: 'exact', host: 'exact', wildcard: 'exact', pattern: 'exact', url: 'exact', any: 'exact' },
    portsOf: ['tcp', 'udp'],
    omits: (group, entry) => {
      const { target } = entry
      const { direction, transport } = group.slice
      if (target.kind === 'address' && isMulticast(target.address)) return 'multicast_policy'
      if (!isWeb(entry)) return deviceExpression.omits(group)
      if (transport !== 'tcp' && transport !== 'any') return 'transport'
      if (target.kind === 'pattern' && !hasWholeLabels(target.value)) return 'pattern'
      return direction === 'outbound' ? undefined : 'inbound_name'
    }
  },
  aggregate: 'none',
  dates: { last: lastDate.instant },
  empty: 'placeholder',
  placeholders: ['either'],
  render
}

/** Of addresses, groups, services and rules; a category has 31, and so has an application, whose names here are shorter. */
const longestName = 63
const longestCategoryName = 31
/** A static group takes 2,500. */
const mostMembers = 2000

/** The path of words behind `set`, and the one behind `delete`: what `set` does not need to say has only the other. */
interface Command {
  readonly set?: string
  readonly remove?: string
}

/** `set` adds to lists, so each member of a list has a line of its own, and goes by a line of its own. PAN-OS has no comments. */
function render({ head, mode, slices }: PolicyInput): string {
  const rules = peerRules(slices, panos.expression, false)
  const commands = [
    ...objects(rules),
    ...uniqueBy(
      rules.flatMap((rule) => [...groups(head.id, rule), ...category(head.id, rule)]),
      ({ set, remove }) => `${set} ${remove}`
    ),
    ...(mode === 'objects' ? [] : schedules(head, rules)),
    ...(mode === 'objects' ? [] : rules.flatMap((rule) => securityRules(head, rule)))
  ]
  const lines =
    mode === 'remove'
      ? [...commands].reverse().flatMap(({ remove }) => (remove === undefined ? [] : [`delete ${remove}\n`]))
      : commands.flatMap(({ set }) => (set === undefined ? [] : [`set ${set}\n`]))
  return lines.join('')
}

/** What a rule finds by a category, which is outbound only. */
function webOf({ direction, entries }: PeerRule): readonly ExportEntry[] {
  return direction === 'outbound' ? entries.filter(isWeb) : []
}

function plainOf({ peers, entries }: PeerRule): readonly ExportEntry[] {
  return peers === 'listed' ? entries.filter((entry) => !isWeb(entry)) : []
}

function isWeb({ target }: ExportEntry): boolean {
  return target.kind === 'wildcard' || target.kind === 'pattern' || target.kind === 'url'
}

/** Addresses, services and applications, each once. */
function objects(rules: readonly PeerRule[]): readonly Command[] {
  const addresses = rules
    .flatMap((rule) => [...(rule.sources ?? []), ...plainOf(rule).map(({ target }) => target)])
    .map((target) => made(`address ${addressName(target)}`, addressValue(target)))
  const services = rules.filter(hasService).map((rule) => made(`service ${serviceName(rule)}`, serviceValue(rule)))
  const applications = rules
    .filter(hasApplication)
    .map((rule) => made(`application ${serviceName(rule)}`, applicationValue(rule)))
  return uniqueBy([...addresses, ...services, ...applications], ({ remove = '' }) => remove)
}

function made(path: string, value: string): Command {
  return { set: `${path} ${value}`, remove: path }
}

function addressName(target: ExportTarget): string {
  if (target.kind === 'address' || target.kind === 'host') return objectName(target, longestName)
  throw new Error(`PAN-OS has no address object for ${target.kind}`)
}

function addressValue(target: ExportTarget): string {
  return target.kind === 'address' ? `ip-netmask ${cidrText(target.address)}` : `fqdn ${targetValue(target)}`
}

function hasService({ transport }: PeerRule): boolean {
  return transport === 'tcp' || transport === 'udp'
}

function hasApplication(rule: PeerRule): boolean {
  return rule.transport !== 'any' && !hasService(rule)
}

function serviceValue({ transport, ports, sourcePorts }: PeerRule): string {
  const source = sourcePorts ? ` source-port ${portText(sourcePorts)}` : ''
  return `protocol ${transport} port ${portText(ports ?? { from: 0, to: 65535 })}${source}`
}

/** An application of ours, since those of PAN-OS tell an echo request from the rest of ICMP. */
function applicationValue({ transport, icmp, families: [family = 'ipv4'] }: PeerRule): string {
  const fixed = 'category networking subcategory ip-protocol technology network-protocol risk 1 default'
  if (!icmp) return `${fixed} ident-by-ip-protocol ${protocolNumberIn(transport, family)}`
  const code = icmp.code === undefined ? '' : ` code ${icmp.code}`
  return `${fixed} ident-by-${family === 'ipv6' ? 'icmp6' : 'icmp'}-type type ${icmp.type}${code}`
}

/** The group of a rule, after the groups that it is made of where it has too many members. It goes when its members are gone. */
function groups(id: string, rule: PeerRule): readonly Command[] {
  const names = plainOf(rule).map(({ target }) => addressName(target))
  return [
    ...memberParts((rule.sources ?? []).map(addressName), mostMembers, (part) => ownName(id, rule, part)),
    ...memberParts(names, mostMembers, (part) => groupName(id, rule, part))
  ].flatMap(({ name, members }) => [
    { remove: `address-group ${name}` },
    ...members.map((member) => both(`address-group ${name} static ${member}`))
  ])
}

function both(path: string): Command {
  return { set: path, remove: path }
}

function groupName(id: string, { label }: PeerRule, part: string): string {
  return catalogueName(id, `${label}${part}`, longestName)
}

/** The group of the product's own addresses, which rules share. */
function ownName(id: string, { sources }: PeerRule, part = ''): string {
  return sources ? catalogueName(id, `${sourcesName(sources)}${part}`, longestName) : 'any'
}

function category(id: string, rule: PeerRule): readonly Command[] {
  const path = `profiles custom-url-category ${categoryName(id, rule)}`
  const urls = webOf(rule).map(({ target }) => both(`${path} list "${panUrl(target)}"`))
  return urls.length === 0 ? [] : [{ set: `${path} type "URL List"`, remove: path }, ...urls]
}

function categoryName(id: string, { label }: PeerRule): string {
  return shortName(catalogueName(id, label, longestName), longestCategoryName)
}

/** A schedule needs both ends, in the zone of the device, which must be UTC. Its last minute is taken as part of it. */
function schedules({ publishedAt }: ExportHead, rules: readonly PeerRule[]): readonly Command[] {
  const published = minuteOf(Math.floor(readInstant(publishedAt) / minuteMs) * minuteMs)
  return schedulesOf(rules).map(({ name, first = published, last = lastDate }) =>
    made(`schedule ${name}`, `schedule-type non-recurring ${minuteText(first)}-${minuteText(last)}`)
  )
}

function minuteText({ date, time }: Minute): string {
  return `${date.join('/')}@${time}`
}

/** Every field is a matter of the name, so that a rule that is set again stays as it is. */
function securityRules(head: ExportHead, rule: PeerRule): readonly Command[] {
  const { id, revision } = head
  const { label, peers, end } = rule
  const [own, peer] = end === 'source' ? ['destination', 'source'] : ['source', 'destination']
  const service = hasService(rule) ? serviceName(rule) : 'any'
  const application = hasApplication(rule) ? serviceName(rule) : 'any'
  const ruleOf = (suffix: string, who: string, category: string): readonly Command[] => {
    const path = `rulebase security rules ${catalogueName(id, `${label}${suffix}`, longestName)}`
    return [
      made(
        path,
        `from any to any ${own} ${ownName(id, rule)} ${peer} ${who} category ${category} application ${application} service ${service} action allow`
      ),
      ...(rule.span ? [{ set: `${path} schedule ${scheduleOf(rule.span).name}` }] : []),
      { set: `${path} description "Catalogue ${id}, revision ${revision.number}, ${revision.digest}"` }
    ]
  }
  return [
    ...(peers === 'any' ? ruleOf('', 'any', 'any') : []),
    ...(plainOf(rule).length > 0 ? ruleOf('', groupName(id, rule, ''), 'any') : []),
    ...(webOf(rule).length > 0 ? ruleOf('-web', 'any', categoryName(id, rule)) : [])
  ]
}
