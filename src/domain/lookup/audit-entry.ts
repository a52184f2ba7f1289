import Type, { type Static } from 'typebox'
import { readInput } from '../json/input.ts'
import { closed } from '../schema-words.ts'
import { type Destination, destinationKey, readDestination } from './destination.ts'

/** An entry as it was written. `place` begins the detail of a fault, and says to people where the entry stands. */
export interface WrittenEntry {
  readonly value: string
  readonly port?: string
  readonly place?: string
}

/** An entry that cannot be read. */
export interface InvalidEntry {
  /** Its place in the list, from 0. */
  readonly index: number
  readonly entry: string
  readonly detail: string
}

/** The entries of a firewall, equal ones once. */
export interface AuditEntries {
  readonly entries: readonly Destination[]
  readonly invalid: readonly InvalidEntry[]
}

export const mostEntries = 100_000
/** The longest entry: a URL. */
const longestEntry = 2048
/** How much of an entry that cannot be read is told. */
const longestTold = 300

const ValueSchema = Type.String({
  maxLength: longestEntry,
  description:
    'An address, a CIDR, `a-b`, an address and a net mask, a host name, `*.x`, `.x`, `host:port`, `[v6]:port`, a URL, a port such as `tcp/443`, a protocol or type such as `esp`, `ip/97` or `icmp/echo-request`, a flow, or a line of an export',
  examples: ['184.72.245.1', 'repo.clearswift.net', '10.0.0.0 255.255.255.0', 'https://repo.clearswift.net/path']
})

export const AuditBodySchema = Type.Object(
  {
    entries: Type.Array(
      Type.Union([
        ValueSchema,
        Type.Object(
          {
            value: ValueSchema,
            port: Type.Optional(
              Type.String({
                maxLength: 100,
                examples: ['tcp/80', 'tcp/8000-8100', 'udp/53', 'icmp/8', 'icmp/echo-request', 'esp', 'any']
              })
            )
          },
          closed
        )
      ]),
      { maxItems: mostEntries, description: 'The destinations that a firewall has today' }
    )
  },
  { ...closed, title: 'AuditRequest' }
)

/**
 * Reads the body of an audit.
 * @throws PortolanError `invalid_body` where it is no list of entries
 */
export function readAuditBody(value: unknown): readonly WrittenEntry[] {
  return writtenEntries(readInput(AuditBodySchema, value))
}

/** The entries of a body that was checked against its schema. */
export function auditEntriesOf(body: Static<typeof AuditBodySchema>): AuditEntries {
  return parseAuditEntries(writtenEntries(body))
}

function writtenEntries({ entries }: Static<typeof AuditBodySchema>): readonly WrittenEntry[] {
  return entries.map((entry) => (typeof entry === 'string' ? { value: entry } : entry))
}

/** Reads entries, each once. Comments, as lists for devices have them, are no entries. */
export function parseAuditEntries(written: readonly WrittenEntry[]): AuditEntries {
  const entries = new Map<string, Destination>()
  const invalid: InvalidEntry[] = []
  const seen = new Set<string>()
  for (const [index, { value, port, place = '' }] of written.entries()) {
    const text = `${value}\n${port ?? ''}`
    if (seen.has(text)) continue
    seen.add(text)
    if (/^\s*#/.test(value)) continue
    const read = readDestination(value.replace(/\s#.*$/, ''), port)
    if ('fault' in read) {
      const entry = port === undefined ? value : `${value} ${port}`
      invalid.push({ index, entry: entry.slice(0, longestTold), detail: place + read.fault })
    } else if (!entries.has(destinationKey(read))) entries.set(destinationKey(read), read)
  }
  return { entries: [...entries.values()], invalid }
}
