import { strToU8, zipSync } from 'fflate'
import { PortolanError } from '../../../../src/domain/errors.ts'
import type { FeedSource, Imported } from '../../../../src/domain/feed/adapter.ts'
import { type AdapterName, adapters } from '../../../../src/domain/feed/adapters.ts'

export type Rows = readonly (readonly string[])[]

export function sourceOf(content: string | Uint8Array, name = 'ports.csv'): FeedSource {
  return { bytes: typeof content === 'string' ? Buffer.from(content) : content, name }
}

export async function importWith(name: AdapterName, content: string | Uint8Array, sheet?: string): Promise<Imported> {
  const read = await adapters.find((each) => each.name === name)?.load()
  if (!read) throw new Error(name)
  return read(sourceOf(content, `ports.${name}`), sheet === undefined ? {} : { sheet })
}

/** What a refused source is refused for: the code of its first fault, and the message. */
export async function refusalOf(name: AdapterName, content: string | Uint8Array): Promise<string> {
  try {
    await importWith(name, content)
    return 'it was taken'
  } catch (error) {
    if (!(error instanceof PortolanError) || error.code !== 'invalid_source') throw error
    return `${error.faults[0]?.code}: ${error.message}`
  }
}

/** A table in each notation. */
export const written: Readonly<Record<'csv' | 'xlsx' | 'markdown', (rows: Rows) => string | Uint8Array>> = {
  csv: (rows) =>
    rows.map((cells) => `${cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join(''),
  xlsx: (rows) => workbook({ Ports: rows }),
  markdown: ([header = [], ...rows]) =>
    [header, header.map(() => '---'), ...rows]
      .map((cells) => `| ${cells.map((cell) => escaped(cell)).join(' | ')} |\n`)
      .join('')
}

function escaped(cell: string): string {
  return cell.replace(/[\\`*_[\]<>|&]/g, '\\$&').replaceAll('\n', '<br>')
}

export function workbook(sheets: Readonly<Record<string, Rows>>, merged: readonly string[] = []): Uint8Array {
  const names = Object.keys(sheets)
  const files: Record<string, string> = {
    '[Content_Types].xml': '<Types/>',
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${names.map((name, index) => `<sheet name="${xml(name)}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships>${names.map((_, index) => `<Relationship Id="rId${index + 1}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`).join('')}</Relationships>`
  }
  for (const [index, rows] of Object.values(sheets).entries())
    files[`xl/worksheets/sheet${index + 1}.xml`] = sheetXml(rows, merged)
  return zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])))
}

function sheetXml(rows: Rows, merged: readonly string[]): string {
  const lines = rows.map((cells, row) => {
    const texts = cells.map((cell, column) =>
      cell === ''
        ? ''
        : `<c r="${String.fromCharCode(65 + column)}${row + 1}" t="inlineStr"><is><t xml:space="preserve">${xml(cell)}</t></is></c>`
    )
    return `<row r="${row + 1}">${texts.join('')}</row>`
  })
  const cells = merged.map((ref) => `<mergeCell ref="${ref}"/>`).join('')
  return `<worksheet><sheetData>${lines.join('')}</sheetData>${cells && `<mergeCells>${cells}</mergeCells>`}</worksheet>`
}

function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
