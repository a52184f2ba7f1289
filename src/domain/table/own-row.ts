import { withoutUndefined } from '../json/without-undefined.ts'
import type { CsvColumn } from './csv-columns.ts'
import { authoredText } from './inert-text.ts'
import type { WrittenRequirement } from './table-reading.ts'

/** A row of one of our exports, by the names of the columns of CSV. What has more structure than a text is a value. An empty cell is absent. */
export type OwnRow = Readonly<Partial<Record<CsvColumn, unknown>>>

/** A cell that a row of ours cannot have. */
export interface OwnCellFault {
  readonly column: CsvColumn
  readonly text: string
  readonly detail: string
}

const words: readonly CsvColumn[] = ['serves', 'replacedBy', 'tags', 'inferred', 'endpointTags', 'sourcePorts']
const json: readonly CsvColumn[] = ['externalIds', 'references', 'select']

/** Reads the cells of a row of CSV or XLSX, by their columns. */
export function readOwnRow(
  cells: ReadonlyMap<CsvColumn, string>
): { readonly row: OwnRow } | { readonly faults: readonly OwnCellFault[] } {
  const fields: [CsvColumn, unknown][] = []
  const faults: OwnCellFault[] = []
  for (const [column, cell] of cells) {
    const text = authoredText(cell)
    if (text === '') continue
    const read = readCell(column, text)
    if ('detail' in read) faults.push({ column, text, detail: read.detail })
    else fields.push([column, read.value])
  }
  return faults.length > 0 ? { faults } : { row: Object.fromEntries(fields) }
}

function readCell(column: CsvColumn, text: string): { readonly value: unknown } | { readonly detail: string } {
  if (words.includes(column)) return { value: text.trim().split(/\s+/) }
  if (json.includes(column)) return readJsonCell(text)
  if (column === 'portFrom' || column === 'portTo')
    return /^\d{1,5}$/.test(text.trim())
      ? { value: Number(text) }
      : { detail: 'is not a port: write a number from 1 to 65535' }
  if (column !== 'icmp') return { value: text }
  const [, type, code] = /^(\d{1,3})(?:\/(\d{1,3}))?$/.exec(text.trim()) ?? []
  if (type === undefined) return { detail: 'is no type of ICMP: write 8 or 3/4, the type and its code' }
  return { value: withoutUndefined({ type: Number(type), code: code === undefined ? undefined : Number(code) }) }
}

function readJsonCell(text: string): { readonly value: unknown } | { readonly detail: string } {
  try {
    return { value: JSON.parse(text) }
  } catch {
    return { detail: 'is not JSON, as the export wrote it' }
  }
}

/** What a row says of its service, with one range of ports. */
export function serviceOfRow({ transport, portFrom, portTo, sourcePorts, icmp, application }: OwnRow) {
  const ports = portFrom === undefined ? undefined : [{ from: portFrom, to: portTo ?? portFrom }]
  return withoutUndefined({ transport, ports, sourcePorts, icmp, application })
}

/** What a row says of its endpoint; undefined where its requirement has none. */
export function endpointOfRow(row: OwnRow): WrittenRequirement | undefined {
  const { kind, value, endpointTitle, url, select, from, until, serves, replacedBy, remarks, endpointTags } = row
  if (kind === undefined) return undefined
  return withoutUndefined({
    kind,
    value,
    title: endpointTitle,
    url,
    select,
    from,
    until,
    serves,
    replacedBy,
    remarks,
    tags: endpointTags
  })
}

/** What a row says of its requirement as a whole. */
export function itemOfRow(row: OwnRow) {
  const { requirement, title, scope, direction, necessity, condition, component, requirementRemarks, tags, owner } = row
  const { externalIds, references, inferred, httpProxy, tlsInspection } = row
  const proxy = withoutUndefined({ httpProxy, tlsInspection })
  return withoutUndefined({
    key: requirement,
    title,
    scope,
    direction,
    necessity,
    condition,
    component,
    remarks: requirementRemarks,
    tags,
    owner,
    externalIds,
    references,
    inferred,
    proxy: Object.keys(proxy).length > 0 ? proxy : undefined
  })
}
