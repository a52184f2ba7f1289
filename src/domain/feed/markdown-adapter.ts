import MarkdownIt from 'markdown-it'
import type { Fault } from '../errors.ts'
import {
  historyHeadings,
  markdownHeadings,
  readMarkdownRow,
  UnreadableCell,
  withItemOf
} from '../table/own-markdown.ts'
import type { OwnRow } from '../table/own-row.ts'
import { type PlacedOwnRow, requirementsOfRows } from '../table/own-rows.ts'
import { componentsOf } from '../table/table-reading.ts'
import type { FeedSource, Imported } from './adapter.ts'
import { type MarkdownTable, markdownTables } from './markdown-tables.ts'
import { textOfSource } from './source-page.ts'
import { headedTable, importTable, noTable, requireSize } from './table-source.ts'

/**
 * Reads a page of Markdown: of ours all tables of requirements, of others the first that has the needed columns. The text around them is
 * ignored.
 */
export function readMarkdownFeed(source: FeedSource): Imported {
  const found = markdownTables(new MarkdownIt({ html: true }), textOfSource(source))
  const own = found.filter(({ raw: [header] }) => header?.join('|') === markdownHeadings.join('|'))
  const isOurs = found.some(({ raw: [header] }) => header?.join('|') === historyHeadings.join('|'))
  if (own.length > 0 || isOurs) return importOwn(own)
  for (const { table } of found) requireSize(source, table)
  const tables = found.map(({ table }) => table)
  const [headed, ...others] = tables.flatMap((table) => headedTable(table) ?? [])
  if (!headed) throw noTable(source, tables)
  const imported = importTable(headed)
  const notes = others.map(({ table }) => ({
    kind: 'left_out' as const,
    detail: `only the first table is taken: the one at line ${table.lines[0]?.line} is not`
  }))
  return { ...imported, notes: [...imported.notes, ...notes] }
}

function importOwn(tables: readonly MarkdownTable[]): Imported {
  const rows: PlacedOwnRow[] = []
  const refused: Fault[] = []
  const first = new Map<unknown, OwnRow>()
  for (const { table, raw, section } of tables)
    for (const [index, line] of table.lines.entries()) {
      if (index === 0) continue
      const place = { line: line.line, column: 1 }
      try {
        const row = readMarkdownRow(raw[index] ?? [], /\binternal\b/i.test(section) ? 'internal' : 'external')
        const before = first.get(row.requirement)
        if (!before) first.set(row.requirement, row)
        rows.push({ row: before ? withItemOf(before, row) : row, place })
      } catch (error) {
        if (!(error instanceof UnreadableCell)) throw error
        refused.push({ pointer: '', code: 'invalid_cell', detail: error.message, ...place, column: error.column + 1 })
      }
    }
  const { requirements, places } = requirementsOfRows(rows)
  const columns = markdownHeadings.map((heading) => ({ heading, field: heading.toLowerCase() }))
  return { requirements, places, refused, components: componentsOf(requirements), notes: [], columns }
}
