import { hasPorts, isTransport, type PortTransport, type Transport } from '../network/protocol.ts'
import { withoutMarks } from './footnote.ts'
import { saysNothing } from './table.ts'

/** A service as a table names it, in the form in which authors write one. */
export interface CellService {
  readonly transport: Transport
  readonly ports?: readonly string[]
  readonly application?: string
}

/** What the cells of one row say of services. */
export interface ServiceCells {
  readonly transport: string
  readonly ports: string
  /** Columns that hold the ports of one transport. */
  readonly tcpPorts: string
  readonly udpPorts: string
  readonly application: string
}

interface ServiceFault {
  readonly field: keyof ServiceCells
  readonly text: string
  readonly detail: string
}

export interface ReadServices {
  readonly services: readonly CellService[]
  /** What the cells do not say: it was taken. */
  readonly inferred: readonly ('transport' | 'ports' | 'application')[]
  readonly marks: readonly string[]
  readonly faults: readonly ServiceFault[]
}

/** Applications that stand in the place of a transport, with that which they use. */
const applications: Readonly<Record<string, readonly PortTransport[]>> = {
  http: ['tcp'],
  https: ['tcp'],
  ftp: ['tcp'],
  ftps: ['tcp'],
  sftp: ['tcp'],
  ssh: ['tcp'],
  smtp: ['tcp'],
  smtps: ['tcp'],
  imap: ['tcp'],
  imaps: ['tcp'],
  pop3: ['tcp'],
  pop3s: ['tcp'],
  ldap: ['tcp'],
  ldaps: ['tcp'],
  smb: ['tcp'],
  rdp: ['tcp'],
  tls: ['tcp'],
  ssl: ['tcp'],
  amqp: ['tcp'],
  mqtt: ['tcp'],
  dns: ['tcp', 'udp'],
  kerberos: ['tcp', 'udp'],
  ntp: ['udp'],
  snmp: ['udp'],
  syslog: ['udp'],
  tftp: ['udp'],
  radius: ['udp'],
  quic: ['udp']
}

const all = /^(?:any|all|\*|all ports|any port)$/i
const wordsBetween = /\b(?:and|or)\b|[,;/&+\n]/i

/** Ports of one transport and application, as they stand in a cell. */
interface PortGroup {
  readonly transports: readonly Transport[]
  readonly application?: string
  readonly ports: string[]
}

/** Reads what a row says of its services: `TCP/UDP`, `80, 443`, `135-139`, `FTP 21, FTPS 21 or 990`, `443/tcp`. */
export function readServiceCells(cells: ServiceCells): ReadServices {
  const reading = new ServiceReading()
  const named = reading.transports(cells.transport)
  const application = readApplication(cells.application) ?? named.application
  const groups = [
    ...reading.ports('ports', cells.ports, named.transports),
    ...reading.ports('tcpPorts', cells.tcpPorts, ['tcp']),
    ...reading.ports('udpPorts', cells.udpPorts, ['udp'])
  ]
  // A word in the place of the transport may say its port too.
  const all =
    groups.length === 0 && named.transports.length > 0 ? [{ transports: named.transports, ports: [] }] : groups
  return reading.result(all, application)
}

function readApplication(text: string): string | undefined {
  const plain = withoutMarks(text).text.toLowerCase()
  return saysNothing(plain) ? undefined : plain.replace(/[^a-z0-9+./-]+/g, '-').replace(/^[^a-z0-9]+/, '') || undefined
}

class ServiceReading {
  private readonly inferred = new Set<'transport' | 'ports' | 'application'>()
  private readonly marks: string[] = []
  private readonly faults: ServiceFault[] = []

  transports(cell: string): { readonly transports: readonly Transport[]; readonly application?: string } {
    const transports: Transport[] = []
    let application: string | undefined
    for (const part of cell.replace(/[()]/g, ',').split(wordsBetween)) {
      const { text, marks } = withoutMarks(part)
      this.marks.push(...marks)
      const name = text.toLowerCase().replace(/^ip(?=[- ]?\d)[- ]?/, 'ip/')
      if (saysNothing(name)) continue
      if (isTransport(name)) transports.push(name)
      else if (all.test(name) || name === 'ip') transports.push('any')
      else if (Object.hasOwn(applications, name)) {
        application ??= name
        if (!cell.match(/\b(?:tcp|udp)\b/i)) transports.push(...this.usualTransports(name))
      } else if (cell.match(/\b(?:tcp|udp|icmp|any)\b/i) && /^[a-z][a-z0-9+.-]*$/.test(name)) application ??= name
      else this.fault('transport', text, 'is not a transport: write tcp, udp, tcp/udp, icmp, esp or any')
    }
    return { transports: [...new Set(transports)], ...(application !== undefined && { application }) }
  }

  ports(field: 'ports' | 'tcpPorts' | 'udpPorts', cell: string, transports: readonly Transport[]): PortGroup[] {
    const groups: PortGroup[] = []
    let word: { readonly application?: string; readonly transports: readonly Transport[] } = { transports }
    for (const { text, goesOn } of itemsOf(cell)) {
      const plain = withoutMarks(text)
      this.marks.push(...plain.marks)
      if (saysNothing(plain.text)) continue
      const read = readPortItem(plain.text)
      if ('detail' in read) {
        this.fault(field, plain.text, read.detail)
        continue
      }
      const says = read.transports.length > 0 || read.application !== undefined
      if (says || !goesOn)
        word = {
          transports: read.transports.length > 0 ? read.transports : transports,
          ...(read.application !== undefined && { application: read.application })
        }
      groups.push({ ...word, ports: read.port === undefined ? [] : [read.port] })
    }
    return groups
  }

  result(groups: readonly PortGroup[], application: string | undefined): ReadServices {
    const services = new Map<
      string,
      { transport: Transport; application?: string; ports: Set<string>; isAll: boolean }
    >()
    for (const group of groups.length === 0 ? [{ transports: [], ports: [] }] : groups) {
      const name = group.application ?? application
      for (const transport of this.transportsOf(group, name)) {
        const key = `${transport} ${name ?? ''}`
        const service = services.get(key) ?? {
          transport,
          ...(name && { application: name }),
          ports: new Set(),
          isAll: false
        }
        services.set(key, service)
        if (group.ports.length === 0) service.isAll = true
        // Ports of `TCP/UDP/ICMP` are those of the first two.
        if (hasPorts(transport)) for (const port of group.ports) service.ports.add(port)
      }
    }
    const list = [...services.values()].map(({ ports, isAll, ...service }) => {
      if (hasPorts(service.transport) && (isAll || ports.size === 0)) this.inferred.add('ports')
      return isAll || ports.size === 0 ? service : { ...service, ports: [...ports] }
    })
    return { services: list, inferred: [...this.inferred], marks: this.marks, faults: this.faults }
  }

  private transportsOf({ transports, ports }: PortGroup, application: string | undefined): readonly Transport[] {
    if (transports.length > 0) {
      if (ports.length > 0 && !transports.some(hasPorts))
        this.fault('ports', ports.join(', '), `is a port, and ${transports.join(', ')} has none`)
      return transports
    }
    this.inferred.add('transport')
    if (application !== undefined && Object.hasOwn(applications, application)) return this.usualTransports(application)
    return ports.length > 0 ? ['tcp'] : ['any']
  }

  private usualTransports(application: string): readonly PortTransport[] {
    this.inferred.add('transport')
    return applications[application] ?? ['tcp']
  }

  private fault(field: keyof ServiceCells, text: string, detail: string): void {
    this.faults.push({ field, text, detail })
  }
}

/** The items of a cell of ports. `goesOn`: after `or` and a slash the word before still counts, as in `FTPS 21 or 990`. */
function itemsOf(cell: string): readonly { readonly text: string; readonly goesOn: boolean }[] {
  const items: { text: string; goesOn: boolean }[] = []
  // A slash stands between two ports, and else before a transport.
  const separator = /(\s*(?:[,;\n&+]|\band\b)\s*|\s*\bor\b\s*|(?<=\d)\s*\/\s*(?=\d))/i
  let goesOn = false
  for (const [index, text] of cell.trim().split(separator).entries())
    if (index % 2 === 1) goesOn = /or|\//i.test(text)
    else items.push({ text, goesOn })
  return items
}

interface PortItem {
  readonly transports: readonly Transport[]
  readonly application?: string
  /** Absent: all ports. */
  readonly port?: string
}

const item =
  /^(?:([a-z][a-z0-9+.-]*)[\s:/]*)??\(?(\d+)\)?(?:\s*(?:-|–|—|\bto\b|:|\.\.)\s*(\d+))?(?:\s*[/:\s(]\s*([a-z][a-z0-9+./-]*)\)?)?$/i

function readPortItem(text: string): PortItem | { readonly detail: string } {
  if (all.test(text)) return { transports: [] }
  const [, before, from, to, after] = item.exec(text) ?? []
  if (from === undefined) {
    if (/^[a-z]+$/i.test(text) && isTransport(text.toLowerCase())) return wordsOf(text)
    return { detail: `is not a port: write 80, "80, 443", 135-139 or FTP 21${dateHint(text)}` }
  }
  const words = wordsOf(...[before, after].filter((word) => word !== undefined))
  const range = to === undefined ? String(Number(from)) : `${Number(from)}-${Number(to)}`
  for (const port of [from, to ?? from])
    if (Number(port) < 1 || Number(port) > 65_535) return { detail: 'is not a port: ports are from 1 to 65535' }
  if (to !== undefined && Number(from) > Number(to)) return { detail: `runs backwards: write ${to}-${from}` }
  return { ...words, port: range.replace(/^(\d+)-\1$/, '$1') }
}

/** Spreadsheets make dates of ranges such as 5-10. */
function dateHint(text: string): string {
  return /^\d{4}-\d{2}-\d{2}/.test(text) ? '; a spreadsheet made a date of it: format the column as text' : ''
}

function wordsOf(...words: readonly string[]): PortItem {
  const parts = words
    .flatMap((word) => word.toLowerCase().split('/'))
    .filter((word) => !/^(?:ports?|range)?$/.test(word))
  const transports = parts.filter((part) => isTransport(part))
  const application = parts.find((part) => !isTransport(part))
  return { transports, ...(application !== undefined && { application }) }
}
