import { withoutUndefined } from '../json/without-undefined.ts'
import type { PaperRow, PlacedEndpoint, RowFacts } from './paper-row.ts'
import type { CellService } from './service-cell.ts'
import type { CellPlace } from './table.ts'

/** The rows that make one requirement. */
export class PaperGroup {
  readonly title: string
  readonly facts: RowFacts
  services: readonly CellService[]
  readonly marks = new Set<string>()
  private readonly first: PaperRow
  private readonly inferred = new Set<string>()
  private readonly tags = new Set<string>()
  private readonly remarks = new Set<string>()
  private readonly endpoints = new Map<string, PlacedEndpoint>()

  constructor(title: string, facts: RowFacts, services: readonly CellService[], first: PaperRow) {
    this.title = title
    this.facts = facts
    this.services = services
    this.first = first
  }

  /** Groups with the same identity are one: of one title, with the same facts and services. */
  get identity(): string {
    return identityOf(this.title, this.facts, this.services)
  }

  /** Groups with the same target are one whatever their services: of one title, with the same facts and endpoints. */
  get target(): string {
    return JSON.stringify([this.title, factsText(this.facts), [...this.endpoints.keys()].sort()])
  }

  add(row: PaperRow): void {
    this.note(row)
    for (const { serves = [], ...endpoint } of row.endpoints) {
      const key = `${endpoint.kind} ${endpoint.value ?? ''} ${endpoint.from ?? ''}`
      const all = new Set([...(this.endpoints.get(key)?.serves ?? []), ...serves])
      this.endpoints.set(key, { ...endpoint, ...(all.size > 0 && { serves: [...all] }) })
    }
  }

  /** A row that has services alone: they are for the endpoints above. */
  addServices(row: PaperRow): void {
    this.note(row)
    this.services = joinServices([...this.services, ...(row.services ?? [])])
  }

  join(other: PaperGroup): void {
    this.services = joinServices([...this.services, ...other.services])
    for (const set of ['marks', 'inferred', 'tags', 'remarks'] as const)
      for (const each of other[set]) this[set].add(each)
  }

  written(key: string, footnotes: ReadonlyMap<string, string>) {
    const { scope = 'external', direction = 'outbound', necessity = 'required', ...facts } = this.facts
    const remarks = [...this.remarks, ...[...this.marks].flatMap((mark) => footnotes.get(mark) ?? [])].join('\n')
    const taken = (['scope', 'direction', 'necessity'] as const).filter((name) => this.facts[name] === undefined)
    const roles = [...this.endpoints.values()].some(({ kind }) => kind === 'role')
    return withoutUndefined({
      key,
      title: this.title,
      scope,
      direction,
      necessity,
      ...facts,
      inferred: [...taken, ...this.inferred, ...(roles ? ['endpoints'] : [])],
      services: this.services,
      tags: this.tags.size === 0 ? undefined : [...this.tags],
      remarks: remarks === '' ? undefined : remarks,
      endpoints: [...this.endpoints.values()].map(({ place: _, port: __, ...endpoint }) => endpoint)
    })
  }

  /** The cells of its fields, by JSON Pointer from the requirement. */
  places(): readonly (readonly [pointer: string, place: CellPlace])[] {
    return [
      ['', this.first.place],
      ['/services', this.first.servicePlace],
      ...[...this.endpoints.values()].map(({ place }, index) => [`/endpoints/${index}`, place] as const)
    ]
  }

  private note({ inferred, tags, remarks, marks }: PaperRow): void {
    for (const each of inferred) this.inferred.add(each)
    for (const each of tags) this.tags.add(each)
    for (const each of marks) this.marks.add(each)
    if (remarks !== '') this.remarks.add(remarks)
  }
}

/** What tells groups apart while rows are read. */
export function identityOf(title: string, facts: RowFacts, services: readonly CellService[]): string {
  return JSON.stringify([title, factsText(facts), servicesText(services)])
}

export function factsText({ scope, direction, necessity, condition, component, owner }: RowFacts): string {
  return JSON.stringify([scope, direction, necessity, condition, component, owner])
}

function servicesText(services: readonly CellService[]): string {
  return services
    .map(({ transport, application = '', ports = [] }) => `${transport} ${application} ${[...ports].sort().join()}`)
    .sort()
    .join('\n')
}

/** Ports of one transport and application are one service. A service without ports has all of them. */
function joinServices(services: readonly CellService[]): readonly CellService[] {
  const joined = new Map<string, CellService>()
  for (const service of services) {
    const key = `${service.transport} ${service.application ?? ''}`
    const before = joined.get(key)
    if (!before) joined.set(key, service)
    else {
      const { ports: _, ...rest } = service
      const ports = before.ports && service.ports && [...new Set([...before.ports, ...service.ports])]
      joined.set(key, { ...rest, ...(ports && { ports }) })
    }
  }
  return [...joined.values()]
}
