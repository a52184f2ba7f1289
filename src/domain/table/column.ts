import { nearestName } from '../nearest-name.ts'
import type { Table, TableLine } from './table.ts'

/**
 * The fields of a table and the headings under which people have them, in the order in which they are preferred. Case, spaces and signs of
 * a heading do not count.
 */
const headings = {
  title: ['requirement', 'item', 'title', 'name', 'service', 'purpose', 'function', 'description'],
  transport: ['protocol', 'transport', 'ip protocol', 'type'],
  ports: [
    'port',
    'ports',
    'port number',
    'port range',
    'destination port',
    'dst port',
    'port/protocol',
    'protocol/port'
  ],
  tcpPorts: ['tcp port', 'tcp'],
  udpPorts: ['udp port', 'udp'],
  portFrom: ['port from', 'from port'],
  portTo: ['port to', 'to port'],
  sourcePorts: ['source port', 'src port'],
  application: ['application', 'application protocol', 'app'],
  hosts: [
    'url/hostname',
    'url/host name',
    'host',
    'host name',
    'url',
    'fqdn',
    'domain',
    'domain name',
    'dns name',
    'server'
  ],
  addresses: ['ip address', 'ip', 'address', 'cidr', 'network', 'subnet', 'ip range'],
  destination: ['destination', 'endpoint', 'value', 'other end', 'remote', 'target', 'to'],
  source: ['source', 'other source'],
  direction: ['direction', 'flow'],
  scope: ['scope'],
  necessity: ['necessity', 'required', 'mandatory', 'required/optional'],
  condition: ['condition', 'when'],
  component: ['component', 'part'],
  owner: ['owner', 'team'],
  tags: ['tags', 'tag', 'category'],
  remarks: ['remarks', 'remark', 'notes', 'note', 'comment', 'details', 'description', 'purpose', 'function'],
  from: ['from', 'valid from', 'since'],
  until: ['until', 'valid until', 'expires', 'end']
} as const

export type Field = keyof typeof headings
const fields = Object.keys(headings) as readonly Field[]

/** A column whose heading was understood. */
export interface Column {
  readonly index: number
  readonly heading: string
  readonly field: Field
}

export interface Header {
  readonly line: TableLine
  readonly columns: readonly Column[]
  /** The headings that say nothing which a table has. */
  readonly unknown: readonly string[]
}

/** Above the header there may be titles and remarks, but not many. */
const mostBefore = 50

/** A heading without what people write differently, the plural among it: `URL / Host names` is `urlhostname`. */
function plainHeading(heading: string): string {
  return heading
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\([^)]*\)|[^a-z0-9]/g, '')
    .replace(/(?<=address)es$|(?<=[a-z]{2})(?<!s)s$/, '')
}

/** The plain headings of each field, in the order in which they are preferred. */
const plainHeadings = new Map(fields.map((field) => [field, headings[field].map(plainHeading)]))
/** Each heading by its plain form. */
const written = new Map(fields.flatMap((field) => headings[field].map((name) => [plainHeading(name), name])))

/** The first row that has the columns which a table needs: a name, and what says where or how it connects. */
export function findHeader({ lines }: Table): Header | undefined {
  for (const line of lines.slice(0, mostBefore)) {
    const header = readHeader(line)
    const has = (...names: readonly Field[]) => header.columns.some(({ field }) => names.includes(field))
    const isTable = has('transport', 'ports', 'tcpPorts', 'udpPorts', 'portFrom', 'hosts', 'addresses', 'destination')
    if (has('title') && isTable) return header
  }
  return undefined
}

/** Each column gets the field of its heading; of two that would get the same one, that whose heading is preferred. */
export function readHeader(line: TableLine): Header {
  const named = line.cells.map((heading, index) => ({ index, heading: heading.trim(), plain: plainHeading(heading) }))
  const columns = new Map<number, Column>()
  for (const field of fields) {
    const [best] = named
      .filter(({ index, plain }) => plain !== '' && !columns.has(index))
      .map((each) => ({ ...each, rank: plainHeadings.get(field)?.indexOf(each.plain) ?? -1 }))
      .filter(({ rank }) => rank >= 0)
      .sort((a, b) => a.rank - b.rank || a.index - b.index)
    if (best) columns.set(best.index, { index: best.index, heading: best.heading, field })
  }
  return {
    line,
    columns: [...columns.values()].sort((a, b) => a.index - b.index),
    unknown: named.flatMap(({ index, heading }) => (heading !== '' && !columns.has(index) ? [heading] : []))
  }
}

/** The known heading that is probably meant by one that is not known. */
export function nearestHeading(heading: string): string | undefined {
  return written.get(nearestName(plainHeading(heading), written.keys()) ?? '')
}
