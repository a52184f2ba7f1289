import { strFromU8, unzipSync } from 'fflate'
import { csvColumns } from '../../../../src/render/formats/csv.ts'
import type { Written } from '../../../domain/document/support/sample.ts'
import { readCsv } from '../grammar/csv.ts'

/** A row by the names of its columns. An empty cell is absent. */
export type TableRow = Readonly<Record<string, unknown>>

/** The rows of a CSV export, each cell as the value that it stands for. */
export function rowsOfCsv(text: string): readonly TableRow[] {
  const [header = [], ...rows] = readCsv(text)
  return rows.map((cells) => rowOfCells(header, cells))
}

/** The rows of the first sheet of a workbook. */
export function rowsOfXlsx(body: Uint8Array): readonly TableRow[] {
  const sheet = strFromU8(unzipSync(body)['xl/worksheets/sheet1.xml'] ?? new Uint8Array())
  const [header = [], ...rows] = [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(([, cells = '']) => {
    const found = new Map(
      [...cells.matchAll(/<c r="([A-Z]+)\d+"[^>]*>(?:<v>(\d+)<\/v>|<is><t [^>]*>(.*?)<\/t><\/is>)<\/c>/gs)].map(
        ([, column = '', number, text = '']) => [column, number ?? plainXml(text)]
      )
    )
    return csvColumns.map((_, index) => found.get(columnName(index)) ?? '')
  })
  return rows.map((cells) => rowOfCells(header, cells))
}

export function rowsOfJsonLines(text: string): readonly TableRow[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))
}

function columnName(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : `A${letter}`
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

/** ECMA-376 writes an underscore as `_x005F_` where it would begin the name of a character. */
function plainXml(text: string): string {
  return text
    .replace(/&(?:#(\d+)|#x([0-9a-fA-F]+)|(\w+));/g, (whole, decimal, hex, name) => {
      if (name !== undefined) return entities[name] ?? whole
      return String.fromCodePoint(decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal))
    })
    .replaceAll('_x005F_', '_')
}

const words = new Set(['serves', 'replacedBy', 'tags', 'inferred', 'endpointTags', 'sourcePorts'])
const json = new Set(['externalIds', 'references', 'select'])

function rowOfCells(header: readonly string[], cells: readonly string[]): TableRow {
  return Object.fromEntries(
    header.flatMap((column, index): [string, unknown][] => {
      const text = withoutGuard(cells[index] ?? '')
      if (text === '') return []
      if (words.has(column)) return [[column, text.split(' ')]]
      if (json.has(column)) return [[column, JSON.parse(text)]]
      if (column === 'portFrom' || column === 'portTo') return [[column, Number(text)]]
      if (column !== 'icmp') return [[column, text]]
      const [type, code] = text.split('/')
      return [[column, { type: Number(type), ...(code !== undefined && { code: Number(code) }) }]]
    })
  )
}

/** One of the apostrophes before a sign that begins a formula is not the author's. */
function withoutGuard(cell: string): string {
  const [, guarded] = /^'('*[\s\S]*)$/.exec(cell) ?? []
  if (guarded === undefined) return cell
  const rest = guarded.replace(/^'*/, '')
  const isFormula = /^[\t\r\n]/.test(rest) || /^[=+\-@\u2212]/.test(rest.trimStart().normalize('NFKC'))
  return isFormula ? guarded : cell
}

/** The requirements of some rows as an author would write them, each service with one range of ports. */
export function requirementsOf(rows: readonly TableRow[]): readonly Written[] {
  const keys = [...new Set(rows.map((row) => row.requirement))]
  return keys.map((key) => {
    const own = rows.filter((row) => row.requirement === key)
    const { title, scope, direction, necessity, condition, component, requirementRemarks, tags, owner } = own[0] ?? {}
    const { externalIds, references, inferred, httpProxy, tlsInspection } = own[0] ?? {}
    const proxy = present({ httpProxy, tlsInspection })
    return {
      ...present({ key, title, scope, direction, necessity, condition, component, remarks: requirementRemarks }),
      ...present({ tags, owner, externalIds, references, inferred }),
      ...(Object.keys(proxy).length > 0 && { proxy }),
      services: distinct(own.map(serviceOf)),
      endpoints: distinct(own.filter(({ kind }) => kind !== undefined).map(endpointOf))
    }
  })
}

function serviceOf({ transport, portFrom, portTo, sourcePorts, icmp, application }: TableRow): Written {
  const ports = portFrom === undefined ? undefined : [{ from: portFrom, to: portTo }]
  return present({ transport, ports, sourcePorts, icmp, application })
}

function endpointOf({ kind, value, endpointTitle, url, select, from, until, serves, ...row }: TableRow): Written {
  const { replacedBy, remarks, endpointTags } = row
  return present({
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

function present(fields: Written): Written {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
}

export function distinct<T>(values: readonly T[]): readonly T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
