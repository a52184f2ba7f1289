import type { Fault } from '../errors.ts'
import { quote } from '../json/source-text.ts'
import { freeSlug, slugOf } from '../slug.ts'
import { type Header, nearestHeading } from './column.ts'
import { readSection } from './fact-cell.ts'
import { readFootnote } from './footnote.ts'
import { factsText, identityOf, PaperGroup } from './paper-group.ts'
import { type PaperRow, PaperRows, type RowFacts } from './paper-row.ts'
import { cellFault, type Table, type TableLine } from './table.ts'
import { type ReadingNote, type TableReading, unknownColumn, type WrittenRequirement } from './table-reading.ts'

/**
 * Reads a table as vendors print it in their papers on ports. An empty first cell goes on with the requirement above. Rows of one requirement with equal services are
 * joined; those with other services become a requirement of their own, `NAME-2`.
 */
export function readPaperTable(table: Table, header: Header): TableReading {
  const reading = new PaperReading(table, header)
  for (const line of table.lines) if (line.line > header.line.line) reading.add(line)
  return reading.result()
}

class PaperReading {
  private readonly rows: PaperRows
  private readonly notes: ReadingNote[]
  private readonly refused: Fault[] = []
  private readonly groups: PaperGroup[] = []
  private readonly byIdentity = new Map<string, PaperGroup>()
  private readonly footnotes = new Map<string, string>()
  private readonly components = new Map<string, string>()
  private section: RowFacts = {}
  private current: PaperGroup | undefined
  private transport = ''

  constructor(table: Table, header: Header) {
    this.rows = new PaperRows(table, header)
    this.notes = header.unknown.map((heading) => unknownColumn(heading, nearestHeading(heading)))
  }

  add(line: TableLine): void {
    const said = this.rows.said(line)
    if (said.length === 0) return
    const title = this.rows.text(line, 'title')
    if (said.length === 1 && title !== '' && this.standsAlone(line, title)) return
    const row = this.rows.read(line, this.section, {
      transport: this.transport,
      ...(this.current && { title: this.current.title })
    })
    this.transport = this.rows.text(line, 'transport') || this.transport
    if (row.title === '' && !this.current) {
      this.refused.push(
        cellFault(row.place, 'no_name', '', 'is where the name of a requirement should be: the first row needs one')
      )
      return
    }
    if (row.facts.component !== undefined && row.componentTitle !== undefined)
      this.components.set(row.facts.component, row.componentTitle)
    this.place(row)
  }

  /** A row with one text alone is a footnote, or the heading of a section. */
  private standsAlone(line: TableLine, text: string): boolean {
    const footnote = readFootnote(text)
    const section = readSection(text)
    if (footnote) this.footnotes.set(footnote.mark, footnote.text)
    else if (section) this.section = section
    else this.note('left_out', `row ${line.line} has a name and nothing else: ${quote(text)}`)
    if (!footnote) this.current = undefined
    return true
  }

  private place(row: PaperRow): void {
    const { current } = this
    const title = row.title || (current?.title ?? '')
    const goesOn = row.title === '' || row.title === current?.title
    // What a row of the same requirement does not say, the row above says.
    const facts = goesOn && current ? { ...current.facts, ...row.facts } : row.facts
    const isSame = goesOn && current && factsText(current.facts) === factsText(facts)
    if (isSame && row.services && row.endpoints.length === 0) {
      this.addServices(current, row)
      return
    }
    const services = row.services ?? current?.services ?? []
    const identity = identityOf(title, facts, services)
    const found = this.byIdentity.get(identity)
    const group = found ?? new PaperGroup(title, facts, services, row)
    if (found && (row.title !== '' || found !== current))
      this.note('joined', `row ${rowName(row)} belongs to ${quote(title)}`)
    if (!found) {
      this.groups.push(group)
      this.byIdentity.set(identity, group)
    }
    group.add(row)
    this.current = group
  }

  /** With other services the group has another identity, which an earlier group may have already. */
  private addServices(group: PaperGroup, row: PaperRow): void {
    if (this.byIdentity.get(group.identity) === group) this.byIdentity.delete(group.identity)
    group.addServices(row)
    if (!this.byIdentity.has(group.identity)) this.byIdentity.set(group.identity, group)
  }

  result(): TableReading {
    const keys = new Set<string>()
    const used = new Set<string>()
    const requirements: WrittenRequirement[] = []
    const places = new Map<string, PaperRow['place']>()
    const inferred = new Map<string, number>()
    for (const group of this.joined()) {
      const slug = slugOf(group.title) || 'requirement'
      const key = freeSlug(slug, (taken) => keys.has(taken))
      if (key !== slug)
        this.note('taken', `rows of ${quote(group.title)} have other services or facts: they became ${key}`)
      keys.add(key)
      for (const mark of group.marks) if (this.footnotes.has(mark)) used.add(mark)
      const written = group.written(key, this.footnotes)
      for (const [pointer, place] of group.places()) places.set(`/requirements/${requirements.length}${pointer}`, place)
      for (const field of written.inferred) inferred.set(field, (inferred.get(field) ?? 0) + 1)
      requirements.push({ ...written, inferred: written.inferred.length === 0 ? undefined : written.inferred })
    }
    for (const [field, count] of inferred)
      this.note(
        'taken',
        `${field} stands in no cell of ${count === 1 ? 'one requirement' : `${count} requirements`}${takenAs(field)}`
      )
    for (const [mark, text] of this.footnotes)
      if (!used.has(mark)) this.note('left_out', `the footnote ${mark}: ${quote(text)}`)
    return {
      requirements,
      components: [...this.components].map(([key, title]) => ({ key, title })),
      places,
      notes: this.notes,
      refused: [...this.refused, ...this.rows.refused]
    }
  }

  /** Rows of one requirement with the same endpoints are one requirement, whatever their services. */
  private joined(): readonly PaperGroup[] {
    const kept = new Map<string, PaperGroup>()
    for (const group of this.groups) {
      const { target } = group
      const same = kept.get(target)
      if (same) same.join(group)
      else kept.set(target, group)
    }
    return [...kept.values()]
  }

  private note(kind: ReadingNote['kind'], detail: string): void {
    this.notes.push({ kind, detail })
  }
}

function rowName({ place }: PaperRow): string {
  return place.cell ?? String(place.line)
}

const defaults: Readonly<Record<string, string>> = {
  scope: ': external was taken',
  direction: ': outbound was taken',
  necessity: ': required was taken',
  ports: ': all ports were taken',
  endpoints: ': a text that names no host was taken as a role'
}

function takenAs(field: string): string {
  return defaults[field] ?? ''
}
