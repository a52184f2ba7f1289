import type { Fault } from '../errors.ts'
import { slugOf } from '../slug.ts'
import type { Column, Field, Header } from './column.ts'
import { type CellEndpoint, readEndpointCell } from './endpoint-cell.ts'
import { type ReadCell, readDirection, readNecessity, readScope, readTags } from './fact-cell.ts'
import { withoutMarks } from './footnote.ts'
import { type CellService, readServiceCells } from './service-cell.ts'
import { type CellPlace, cellFault, cellPlace, type Table, type TableLine } from './table.ts'

/** What a row says of its requirement as a whole. */
export interface RowFacts {
  readonly scope?: string
  readonly direction?: string
  readonly necessity?: string
  readonly condition?: string
  readonly component?: string
  readonly owner?: string
}

export interface PlacedEndpoint extends CellEndpoint {
  readonly from?: string
  readonly until?: string
  readonly serves?: readonly string[]
  readonly place: CellPlace
}

/** A row of a table of a paper, as far as it says something itself. */
export interface PaperRow {
  /** Empty: it goes on with the requirement above. */
  readonly title: string
  readonly place: CellPlace
  /** Absent where it says nothing of a service: those of the row above hold. */
  readonly services?: readonly CellService[]
  readonly servicePlace: CellPlace
  readonly inferred: readonly string[]
  readonly endpoints: readonly PlacedEndpoint[]
  readonly facts: RowFacts
  readonly componentTitle?: string
  readonly tags: readonly string[]
  readonly remarks: string
  readonly marks: readonly string[]
}

/** Reads single rows; what cannot be read is among `refused`. */
export class PaperRows {
  readonly refused: Fault[] = []
  private readonly table: Table
  private readonly columns: ReadonlyMap<Field, Column>

  constructor(table: Table, { columns }: Header) {
    this.table = table
    this.columns = new Map(columns.map((column) => [column.field, column]))
  }

  has(field: Field): boolean {
    return this.columns.has(field)
  }

  text(line: TableLine, field: Field): string {
    const column = this.columns.get(field)
    return column === undefined ? '' : (line.cells[column.index] ?? '').trim()
  }

  place(line: TableLine, field: Field): CellPlace {
    return cellPlace(this.table, line, this.columns.get(field)?.index ?? 0)
  }

  /** The fields of a row that say something. */
  said(line: TableLine): readonly Field[] {
    return [...this.columns.keys()].filter((field) => this.text(line, field) !== '')
  }

  /** `above`: the row that this one goes on with, and the transport that stands there for one that has ports alone. */
  read(line: TableLine, defaults: RowFacts, above: { readonly title?: string; readonly transport: string }): PaperRow {
    const title = withoutMarks(this.text(line, 'title').replace(/\s+/g, ' '))
    const direction = this.cell(line, 'direction', readDirection) ?? defaults.direction
    const scope = this.cell(line, 'scope', readScope) ?? defaults.scope
    const needed = this.cell(line, 'necessity', readNecessity)
    const condition = this.text(line, 'condition') || needed?.condition
    const component = this.text(line, 'component')
    const owner = this.text(line, 'owner')
    const goesOn = title.text === '' || title.text === above.title
    const read = this.services(line, goesOn ? above.transport : undefined)
    const { endpoints, marks } = this.endpoints(line, direction)
    const services = this.joinPorts(read?.services, endpoints)
    return {
      title: title.text,
      place: this.place(line, 'title'),
      ...(services && { services }),
      servicePlace: this.place(line, this.has('ports') ? 'ports' : 'transport'),
      inferred: (read?.inferred ?? []).filter((field) => field !== 'ports' || services === read?.services),
      endpoints,
      facts: {
        ...(scope && { scope }),
        ...(direction && { direction }),
        ...(needed && { necessity: needed.necessity }),
        ...(condition && { condition }),
        ...(component && { component: slugOf(component) }),
        ...(owner && { owner })
      },
      ...(component && { componentTitle: component }),
      tags: readTags(this.text(line, 'tags')),
      remarks: this.text(line, 'remarks'),
      marks: [...title.marks, ...(read?.marks ?? []), ...marks]
    }
  }

  private services(line: TableLine, above: string | undefined) {
    const { portFrom, portTo } = { portFrom: this.text(line, 'portFrom'), portTo: this.text(line, 'portTo') }
    const range = portTo === '' || portTo === portFrom ? portFrom : `${portFrom}-${portTo}`
    const cells = {
      transport: this.text(line, 'transport'),
      ports: this.text(line, 'ports') || range,
      tcpPorts: this.text(line, 'tcpPorts'),
      udpPorts: this.text(line, 'udpPorts'),
      application: this.text(line, 'application')
    }
    if (above !== undefined && Object.values(cells).every((text) => text === '')) return undefined
    const read = readServiceCells(
      above !== undefined && cells.transport === '' ? { ...cells, transport: above } : cells
    )
    for (const { field, text, detail } of read.faults)
      this.refuse(this.place(line, field === 'ports' && !this.has('ports') ? 'portFrom' : field), text, detail)
    return read
  }

  /** The other end of what comes in is the source, if the table has such a column. */
  private endpoints(line: TableLine, direction: string | undefined) {
    const target: Field =
      this.has('source') && (direction === 'inbound' || !this.has('destination')) ? 'source' : 'destination'
    const endpoints: PlacedEndpoint[] = []
    const marks: string[] = []
    for (const field of ['hosts', 'addresses', target] as const) {
      const place = this.place(line, field)
      const cell = readEndpointCell(this.text(line, field))
      marks.push(...cell.marks)
      for (const { text, detail } of cell.faults) this.refuse(place, text, detail)
      endpoints.push(...cell.endpoints.map((endpoint) => ({ ...endpoint, place })))
    }
    const serves = endpoints.flatMap(({ kind, value }) => (kind === 'host' && value !== undefined ? [value] : []))
    const [from, until] = [this.text(line, 'from'), this.text(line, 'until')]
    const lifetime = { ...(from && { from }), ...(until && { until }) }
    return {
      marks,
      endpoints: endpoints.map((endpoint) => ({
        ...endpoint,
        ...lifetime,
        ...(endpoint.kind === 'address' && serves.length > 0 && { serves })
      }))
    }
  }

  /** A port behind a name is the port of the service, where no cell says another one. */
  private joinPorts(services: readonly CellService[] | undefined, endpoints: readonly PlacedEndpoint[]) {
    const ports = [...new Set(endpoints.flatMap(({ port }) => port ?? []).map(String))]
    if (!services || ports.length === 0) return services
    const known = services.flatMap((service) => service.ports ?? [])
    if (known.length === 0)
      return services.map((service) => ({
        ...service,
        transport: service.transport === 'any' ? ('tcp' as const) : service.transport,
        ports
      }))
    const other = endpoints.find(({ port }) => port !== undefined && !known.includes(String(port)))
    if (other)
      this.refuse(
        other.place,
        `${other.value}:${other.port}`,
        `has another port than the row, which says ${known.join(', ')}`
      )
    return services
  }

  private cell<T extends string | object>(
    line: TableLine,
    field: Field,
    read: (text: string) => ReadCell<T>
  ): T | undefined {
    const text = this.text(line, field)
    const value = read(text)
    if (typeof value !== 'object' || !('detail' in value)) return value
    this.refuse(this.place(line, field), text, value.detail)
    return undefined
  }

  private refuse(place: CellPlace, text: string, detail: string): void {
    this.refused.push(cellFault(place, 'invalid_cell', text, detail))
  }
}
