import { parseDocument } from '../src/domain/document/parse-document.ts'
import { exportEntries } from '../src/domain/export/export-entry.ts'
import { express } from '../src/domain/export/expression.ts'
import { parseYaml } from '../src/domain/json/yaml.ts'
import { viewAt } from '../src/domain/view/view.ts'
import type { Format } from '../src/render/export/format.ts'
import { formats } from '../src/render/formats/formats.ts'

interface Row {
  readonly what: string
  /** YAML in one line, as it stands in a document. */
  readonly example: string
  /** What the example is a part of. */
  readonly part: 'endpoint' | 'service' | 'requirement' | 'document'
  /** Other fields of its requirement, or of the document, that the example needs. */
  readonly needs?: string
  /** What else there is to say of it in exports. */
  readonly also?: string
  /** Where it counts, for what is no matter of formats. */
  readonly counts?: string
}

const rows: readonly Row[] = [
  { what: 'address, network', part: 'endpoint', example: '{ kind: address, value: 203.0.113.0/24 }' },
  { what: 'name', part: 'endpoint', example: '{ kind: host, value: www.example.net }' },
  { what: 'wildcard: all names below one', part: 'endpoint', example: '{ kind: host, value: "*.example.net" }' },
  {
    what: 'pattern: an asterisk is a part of a label',
    part: 'endpoint',
    example: '{ kind: pattern, value: "*cdn.example.net" }'
  },
  {
    what: 'pattern: an asterisk is a whole label',
    part: 'endpoint',
    example: '{ kind: pattern, value: monitoring.*.example.net }'
  },
  {
    what: 'name with a variable',
    part: 'endpoint',
    example: '{ kind: pattern, value: <tenant>.example.net }',
    needs: 'variables: [{ key: tenant, title: Your tenant }]',
    also: 'whoever runs the product fills it in; counted as `unbound`'
  },
  { what: 'URL: a host and a path', part: 'endpoint', example: '{ kind: url, value: www.example.net/updates/ }' },
  { what: 'any address', part: 'endpoint', example: '{ kind: any }' },
  {
    what: 'role: addresses that the customer knows',
    part: 'endpoint',
    example: '{ kind: role, value: administrators, title: Your administrators }',
    also: 'counted as `role`'
  },
  {
    what: 'feed: a list that is published elsewhere',
    part: 'endpoint',
    example: '{ kind: feed, value: cloud, url: "https://example.net/ranges.json", select: { region: [eu] } }',
    also: 'the rows of the catalogue that mirrors the list stand in its place; without one it is counted as `feed`'
  },
  { what: 'ports, and ranges of them', part: 'service', example: '{ transport: tcp, ports: [80, 443, "8000-8100"] }' },
  { what: 'source ports', part: 'service', example: '{ transport: udp, ports: [123], sourcePorts: [123] }' },
  { what: 'ports of SCTP', part: 'service', example: '{ transport: sctp, ports: [2905] }' },
  { what: 'ports of DCCP', part: 'service', example: '{ transport: dccp, ports: [5001] }' },
  { what: 'protocol without ports, by name', part: 'service', example: '{ transport: esp }' },
  { what: 'protocol by number', part: 'service', example: '{ transport: ip/97 }' },
  { what: 'ICMP of the family of the address', part: 'service', example: '{ transport: icmp }' },
  { what: 'type of ICMP, IPv4', part: 'service', example: '{ transport: icmp, icmp: { type: echo-request } }' },
  {
    what: 'type of ICMPv6',
    part: 'service',
    example: '{ transport: icmpv6, icmp: { type: packet-too-big } }',
    needs: 'endpoints: [{ kind: address, value: "2001:db8::7" }, { kind: host, value: www.example.net }]'
  },
  { what: 'every transport', part: 'service', example: '{ transport: any }' },
  { what: 'what comes in', part: 'requirement', example: 'direction: inbound' },
  {
    what: 'what comes in for a multicast group',
    part: 'requirement',
    example: 'direction: inbound',
    needs: 'endpoints: [{ kind: address, value: 224.0.1.1 }]'
  },
  { what: 'both directions', part: 'requirement', example: 'direction: both' },
  {
    what: 'optional, or under a condition',
    part: 'requirement',
    example: '{ necessity: conditional, condition: The product runs on a cloud }',
    counts: '`necessity=` narrows every export; both stand in tables'
  },
  {
    what: 'component: the part of the product that it is about',
    part: 'requirement',
    example: 'component: agent',
    needs: 'components: [{ key: agent, title: The agent }]',
    counts: '`component=` narrows every export; it stands in tables'
  },
  {
    what: 'tags, of a requirement',
    part: 'requirement',
    example: 'tags: [updates]',
    counts: '`tag=` narrows every export; they stand in tables'
  },
  {
    what: 'tags, of an endpoint',
    part: 'endpoint',
    example: '{ kind: address, value: 203.0.113.7, tags: [eu] }',
    counts: '`endpointTag=` narrows every export; they stand in tables'
  },
  {
    what: 'window: from when and until when',
    part: 'endpoint',
    example: '{ kind: address, value: 203.0.113.7, from: 2020-01, until: 2030-11-22 }',
    counts: 'every export changes at the instant; `lead=`, `lag=`'
  },
  {
    what: 'replacement',
    part: 'requirement',
    example:
      'endpoints: [{ kind: address, value: 203.0.113.7, until: 2030-11-22, replacedBy: [203.0.113.8] }, { kind: address, value: 203.0.113.8 }]',
    counts: 'tables, events, calendars'
  },
  {
    what: 'which names an address serves',
    part: 'requirement',
    example:
      'endpoints: [{ kind: host, value: www.example.net }, { kind: address, value: 203.0.113.7, serves: [www.example.net] }]',
    counts: 'tables, audits'
  },
  {
    what: 'what a proxy may do',
    part: 'requirement',
    example: 'proxy: { httpProxy: allowed, tlsInspection: forbidden }',
    counts: 'tables'
  },
  {
    what: 'owner, ids elsewhere, references, remarks',
    part: 'requirement',
    example:
      '{ owner: Mail team, externalIds: { cmdb: "46" }, references: [{ url: "https://example.net/" }], remarks: A note. }',
    counts: '`owner=`, `externalId=` narrow every export; all stand in tables'
  },
  {
    what: 'rename of a requirement',
    part: 'requirement',
    example: 'previousKeys: [mail]',
    counts: 'differences, events'
  },
  {
    what: 'guidance',
    part: 'document',
    example: 'guidance: [{ key: names, topic: firewall, text: Prefer names. }]',
    counts: 'views'
  }
]

/** Each example is read as a document, and each format is asked what it says of it. */
export function documentTable(): string {
  const lines = rows.map((row) => `| ${row.what} | \`${row.example.replaceAll('|', '\\|')}\` | ${cell(row)} |\n`)
  return `| what | in a document | exports |\n|---|---|---|\n${lines.join('')}`
}

function cell(row: Row): string {
  return row.counts ?? [sayersOf(row), row.also].filter(Boolean).join('; ')
}

function sayersOf(row: Row): string {
  const judged = formats.flatMap((format) =>
    format.kind === 'table' ? [] : [{ name: `\`${format.name}\``, how: howSaid(row, format) }]
  )
  const named = (how: How) => judged.filter((each) => each.how === how).map(({ name }) => name)
  const [exact, wider, none] = [named('exact'), named('wider'), named('no')]
  if (exact.length + wider.length === 0) return 'none'
  const others = none.length > 0 ? `all but ${none.join(', ')}` : 'all'
  const said = exact.length <= none.length ? exact.join(', ') : others
  return [said, ...(wider.length > 0 ? [`wider in ${wider.join(', ')}`] : [])].filter(Boolean).join('; ')
}

type How = 'exact' | 'wider' | 'no'

/** Of an endpoint what the format says of it; else what it says of an address or a name to which the example applies. */
function howSaid(row: Row, { expression }: Exclude<Format, { kind: 'table' }>): How {
  const slices = exportEntries(viewOf(row))
  const { omissions, widenings } = express(slices, expression)
  if (omissions.length >= slices.flatMap(({ entries }) => entries).length) return 'no'
  // What the format widens anyway, as names with all their subdomains, is told by the rows of endpoints.
  const usual = row.part === 'endpoint' ? [] : express(exportEntries(viewOf(usualRow)), expression).widenings
  return widenings.some(({ reason }) => !usual.some((each) => each.reason === reason)) ? 'wider' : 'exact'
}

const usualRow: Row = { what: 'one port', part: 'service', example: '{ transport: tcp, ports: [443] }' }

function viewOf({ part, example, needs = '' }: Row): ReturnType<typeof viewAt> {
  const own = read(example)
  const other = read(needs)
  const { components, variables, ...more } = other
  const requirement = {
    key: 'example',
    title: 'Example',
    scope: 'external',
    direction: 'outbound',
    necessity: 'required',
    services: [part === 'service' ? own : { transport: 'tcp', ports: [443] }],
    endpoints:
      part === 'endpoint'
        ? [own]
        : [
            { kind: 'address', value: '203.0.113.7' },
            { kind: 'host', value: 'www.example.net' }
          ],
    ...more,
    ...(part === 'requirement' && own)
  }
  const parsed = parseDocument({
    id: 'example',
    title: 'Example',
    vendor: 'Example',
    product: 'Example',
    version: '1',
    edition: { label: '1', summary: 'Example' },
    ...(components !== undefined && { components }),
    ...(variables !== undefined && { variables }),
    ...(part === 'document' && own),
    requirements: [requirement]
  })
  if ('faults' in parsed) throw new Error(`${example}: ${JSON.stringify(parsed.faults)}`)
  return viewAt(parsed.document, revision, Date.parse('2026-11-24T00:00:00Z'))
}

const revision = {
  catalogue: 'example',
  number: 1,
  label: '1',
  publishedAt: 0,
  recordedAt: 0,
  summary: 'Example',
  reconstructed: false,
  overrides: [],
  counts: { added: 0, removed: 0, changed: 0 },
  digest: 'sha256:00',
  chain: 'sha256:00',
  transitions: []
} as const

function read(yaml: string): Readonly<Record<string, unknown>> {
  const parsed = parseYaml(Buffer.from(yaml))
  if ('fault' in parsed) throw new Error(`${yaml}: ${parsed.fault}`)
  return typeof parsed.value === 'object' && parsed.value !== null ? { ...parsed.value } : {}
}
