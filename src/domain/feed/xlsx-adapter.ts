import readWorkbook from 'read-excel-file/universal'
import { quote } from '../json/source-text.ts'
import { suggestion } from '../nearest-name.ts'
import type { Table } from '../table/table.ts'
import { type AdapterOptions, type FeedSource, type Imported, unreadableSource } from './adapter.ts'
import { headedTable, importTable, noTable, requireSize } from './table-source.ts'
import { cellIndexes, type MergedCells, unpackWorkbook, type Workbook } from './xlsx-archive.ts'

/** Reads the table of a sheet: that which is named, or the first that has the needed columns. */
export async function readXlsxFeed(source: FeedSource, { sheet }: AdapterOptions): Promise<Imported> {
  const workbook = unpackWorkbook(source)
  const all = await sheetsOf(source, workbook)
  const tables = all.filter((table) => sheet === undefined || table.sheet === sheet)
  if (tables.length === 0)
    throw unreadableSource(
      source,
      'no_sheet',
      `has no sheet ${quote(sheet ?? '')}${suggestion(
        sheet ?? '',
        all.map((table) => table.sheet)
      )}`
    )
  for (const table of tables) requireSize(source, table)
  const [headed, ...others] = tables.flatMap((table) => headedTable(table) ?? [])
  if (!headed) throw noTable(source, tables)
  const imported = importTable(headed)
  const notes = others.map(({ table }) => ({
    kind: 'left_out' as const,
    detail: `only the sheet ${quote(headed.table.sheet ?? '')} is taken: ${quote(table.sheet ?? '')} is not; --sheet names it`
  }))
  return { ...imported, notes: [...imported.notes, ...notes] }
}

type Sheet = Table & { readonly sheet: string }

async function sheetsOf(source: FeedSource, workbook: Workbook): Promise<readonly Sheet[]> {
  try {
    const sheets = await readWorkbook(workbook.bytes)
    const paths = sheetPaths(workbook)
    return sheets.map(({ sheet, data }) => {
      const rows = data.map((cells) => cells.map(textOfCell))
      for (const merged of workbook.merged.get(paths.get(sheet) ?? '') ?? []) fill(rows, merged)
      return { sheet, lines: rows.map((cells, index) => ({ line: index + 1, cells })) }
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/\.$/, '') : String(error)
    throw unreadableSource(source, 'damaged', `cannot be read as a workbook: ${reason.slice(0, 200)}`)
  }
}

/** Numbers are written without a unit, and dates as in documents: a sheet has no time zone. */
function textOfCell(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (!(value instanceof Date)) return String(value)
  const text = value.toISOString()
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.replace('.000Z', 'Z')
}

/** The value of merged cells holds for all of their rows. What lies beside it in the same row is one wide cell, and stays empty. */
function fill(rows: string[][], [from, to]: MergedCells): void {
  const [first, last] = [cellIndexes(from), cellIndexes(to)]
  const value = rows[first.row]?.[first.column] ?? ''
  for (let row = first.row + 1; row <= last.row && row < rows.length; row += 1) {
    const cells = rows[row]
    if (cells && (cells[first.column] ?? '') === '') cells[first.column] = value
  }
}

/** The path of the part of each sheet, by its name. */
function sheetPaths({ parts }: Workbook): ReadonlyMap<string, string> {
  const targets = new Map(
    elements(parts.get('xl/_rels/workbook.xml.rels') ?? '', 'Relationship').map((each) => [
      attribute(each, 'Id'),
      attribute(each, 'Target').replace(/^\/xl\/|^(?:\.\/)?/, 'xl/')
    ])
  )
  return new Map(
    elements(parts.get('xl/workbook.xml') ?? '', 'sheet').map((each) => [
      attribute(each, 'name').replace(/&(amp|lt|gt|quot|apos);/g, (_, name: string) => entities[name] ?? ''),
      targets.get(attribute(each, '[\\w]*:id')) ?? ''
    ])
  )
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }

function elements(xml: string, name: string): readonly string[] {
  return xml.match(new RegExp(`<(?:\\w+:)?${name}\\s[^>]*>`, 'g')) ?? []
}

function attribute(element: string, name: string): string {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(element)?.[1] ?? ''
}
