import Type, { type Static } from 'typebox'
import { type Fault, PortolanError } from '../errors.ts'
import { readInput } from '../json/input.ts'
import { parsePorts, portText } from '../network/port.ts'
import { closed } from '../schema-words.ts'
import { type LookupTarget, parseTarget } from './lookup.ts'

/** A destination that a firewall lets through today. Without a port it is open on all ports. */
export interface AuditEntry {
  readonly target: LookupTarget
  readonly port?: AuditPort
}

export interface AuditPort {
  readonly transport: string
  readonly from: number
  readonly to: number
}

/** An entry as it was written. `place` begins the detail of a fault, and says to people where the entry stands. */
export interface WrittenEntry {
  readonly value: string
  readonly port?: string
  readonly place?: string
}

export const mostEntries = 100_000

const ValueSchema = Type.String({ minLength: 1, maxLength: 300, examples: ['184.72.245.1', 'repo.clearswift.net'] })

export const AuditBodySchema = Type.Object(
  {
    entries: Type.Array(
      Type.Union([
        ValueSchema,
        Type.Object(
          {
            value: ValueSchema,
            port: Type.Optional(Type.String({ minLength: 1, maxLength: 30, examples: ['tcp/80', 'tcp/8000-8100'] }))
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
 * @throws PortolanError `invalid_body` with every fault
 */
export function readAuditBody(value: unknown): readonly AuditEntry[] {
  return auditEntriesOf(readInput(AuditBodySchema, value))
}

/**
 * The entries of a body that was checked against its schema.
 * @throws PortolanError `invalid_body` with every fault
 */
export function auditEntriesOf({ entries }: Static<typeof AuditBodySchema>): readonly AuditEntry[] {
  return parseAuditEntries(entries.map((entry) => (typeof entry === 'string' ? { value: entry } : entry)))
}

/** How many faults are listed. */
const mostFaults = 100

/**
 * Reads entries: each is an address, CIDR or host name, and may have a port, such as `tcp/443` or `tcp/8000-8100`.
 * @throws PortolanError `invalid_body` with every fault, pointing into `/entries`
 */
export function parseAuditEntries(written: readonly WrittenEntry[]): readonly AuditEntry[] {
  const faults: Fault[] = []
  const entries: AuditEntry[] = []
  for (const [index, { value, port, place = '' }] of written.entries()) {
    try {
      entries.push(parseEntry(value, port))
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error
      faults.push({ pointer: `/entries/${index}`, code: error.code, detail: place + error.message })
    }
  }
  if (faults.length === 0) return entries
  throw new PortolanError('invalid_body', `${faults.length} of ${written.length} entries cannot be read.`, {
    faults: faults.slice(0, mostFaults)
  })
}

function parseEntry(value: string, port?: string): AuditEntry {
  const target = parseTarget(value.trim())
  if (port === undefined) return { target }
  const match = /^(tcp|udp|sctp)\/([\d-]+)$/.exec(port)
  const parsed = parsePorts([match?.[2] ?? ''])
  const range = 'ranges' in parsed ? parsed.ranges[0] : undefined
  if (match?.[1] && range) return { target, port: { transport: match[1], ...range } }
  throw new PortolanError(
    'invalid_parameter',
    `${JSON.stringify(port)} is not a port: write it as tcp/443 or tcp/8000-8100.`
  )
}

/** A port as people write it: `tcp/443` or `tcp/8000-8100`. */
export function portName({ transport, ...range }: AuditPort): string {
  return `${transport}/${portText(range)}`
}
