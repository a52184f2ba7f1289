import { strToU8, zipSync } from 'fflate'
import { inertText } from '../../domain/table/inert-text.ts'
import { columnLetters } from '../../domain/table/table.ts'
import { columnsOf, type FlatRow, flatRows, type RowColumns } from '../export/flat-rows.ts'
import type { ExportHead, TableFormat, TableInput } from '../export/format.ts'
import { cellText } from '../export/spreadsheet-cell.ts'
import { xmlText } from '../xml-text.ts'

export const xlsx: TableFormat = {
  kind: 'table',
  name: 'xlsx',
  title: 'Excel workbook',
  description:
    'For people: the rows and columns of csv on the first sheet, with a filter on every column, and their origin on the second. Ports are numbers. Everything else is text, including instants in RFC 3339, so that no time zone moves them and nothing runs as a formula.',
  mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  extension: 'xlsx',
  render
}

const namespaces =
  'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
const packageTypes = 'http://schemas.openxmlformats.org/package/2006'
const officeTypes = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const spreadsheet = 'application/vnd.openxmlformats-officedocument.spreadsheetml'

/** The earliest time that ZIP can express. It is written as a local time, since fflate writes local times. */
const noTime = '1980-01-01T12:00:00'

/** The parts of ECMA-376 that spreadsheets need. The bytes are the same for the same view, whenever and wherever they are made. */
function render({ head, view }: TableInput): Uint8Array {
  const files: Readonly<Record<string, string>> = {
    '[Content_Types].xml': `<Types xmlns="${packageTypes}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="${spreadsheet}.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="${spreadsheet}.styles+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${spreadsheet}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="${spreadsheet}.worksheet+xml"/></Types>`,
    '_rels/.rels': relationships([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': `<workbook ${namespaces}><sheets><sheet name="Requirements" sheetId="1" r:id="rId1"/><sheet name="About" sheetId="2" r:id="rId2"/></sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationships([
      ['worksheet', 'worksheets/sheet1.xml'],
      ['worksheet', 'worksheets/sheet2.xml'],
      ['styles', 'styles.xml']
    ]),
    'xl/styles.xml': `<styleSheet ${namespaces}><fonts count="2"><font/><font><b/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/><xf fontId="1" applyFont="1"/></cellXfs></styleSheet>`,
    'xl/worksheets/sheet1.xml': requirementSheet([...flatRows(view)], columnsOf(view)),
    'xl/worksheets/sheet2.xml': aboutSheet(head)
  }
  const entries = Object.entries(files).map(([name, text]) => [name, strToU8(declaration + text)])
  return zipSync(Object.fromEntries(entries), { mtime: noTime, level: 6, os: 0 })
}

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

function relationships(targets: readonly (readonly [type: string, target: string])[]): string {
  const all = targets.map(
    ([type, target], index) => `<Relationship Id="rId${index + 1}" Type="${officeTypes}/${type}" Target="${target}"/>`
  )
  return `<Relationships xmlns="${packageTypes}/relationships">${all.join('')}</Relationships>`
}

/** The header row stays visible while the sheet scrolls. */
function requirementSheet(rows: readonly FlatRow[], columns: RowColumns): string {
  const area = `A1:${columnLetters(columns.length - 1)}${rows.length + 1}`
  const lines = [
    columns.map((column) => textCell(column, 1)),
    ...rows.map((row) => columns.map((column) => rowCell(row, column)))
  ].map((cells, index) => sheetRow(index + 1, cells))
  return [
    `<worksheet ${namespaces}><dimension ref="${area}"/>`,
    '<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>',
    `<cols><col min="1" max="${columns.length}" width="20" customWidth="1"/></cols>`,
    `<sheetData>${lines.join('')}</sheetData><autoFilter ref="${area}"/></worksheet>`
  ].join('')
}

function aboutSheet({ lines }: ExportHead): string {
  const rows = lines.map((line, index) => sheetRow(index + 1, [textCell(inertText(line), index === 0 ? 1 : 0)]))
  return `<worksheet ${namespaces}><sheetData>${rows.join('')}</sheetData></worksheet>`
}

/** A cell without its place: the text between `<c r="A1"` and the end. */
type Cell = string

function sheetRow(number: number, cells: readonly Cell[]): string {
  const placed = cells.map((cell, index) => (cell === '' ? '' : `<c r="${columnLetters(index)}${number}"${cell}`))
  return `<row r="${number}">${placed.join('')}</row>`
}

function rowCell(row: FlatRow, column: keyof FlatRow): Cell {
  const value = row[column]
  if (typeof value === 'number') return `><v>${value}</v></c>`
  const text = cellText(row, column)
  return text === '' ? '' : textCell(text, 0)
}

/** Each text is in its cell: a table of shared strings would save nothing that ZIP does not save. */
function textCell(text: string, style: 0 | 1): Cell {
  return ` t="inlineStr" s="${style}"><is><t xml:space="preserve">${cellXml(text)}</t></is></c>`
}

/** `_x000D_` in a cell would be read as the character that it names. */
function cellXml(text: string): string {
  return xmlText(text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_'))
}
