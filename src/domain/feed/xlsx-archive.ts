import { strFromU8, unzipSync, zipSync } from 'fflate'
import { type FeedSource, unreadableSource } from './adapter.ts'
import { refuseWebPage, startsWith } from './source-page.ts'

const mostParts = 1000
const mostUnpacked = 64 * 1_048_576
/** Cells of a sheet, empty ones between others included: the reader makes all of them. */
const mostCells = 4_000_000
const mostSheetColumns = 1000

/** Cells that are one, as `A2:A5`: the value stands in the first. */
export type MergedCells = readonly [from: string, to: string]

export interface Workbook {
  /** The same workbook, without what is no part of its tables, packed without compression. */
  readonly bytes: ArrayBuffer
  /** The merged cells of each sheet, by the path of its part. */
  readonly merged: ReadonlyMap<string, readonly MergedCells[]>
  readonly parts: ReadonlyMap<string, string>
}

/**
 * Unpacks a workbook within bounds, before anything reads it.
 * @throws PortolanError `invalid_source` where it is no workbook, or would be too large
 */
export function unpackWorkbook(source: FeedSource): Workbook {
  const { bytes } = source
  refuseOthers(source)
  const files = unpack(source, bytes)
  if (files['xl/workbook.xml'] === undefined)
    throw unreadableSource(source, 'wrong_kind', 'is an archive, but no Excel workbook')
  const parts = new Map(Object.entries(files).map(([name, content]) => [name, strFromU8(content)]))
  const merged = new Map<string, readonly MergedCells[]>()
  for (const [name, xml] of parts) {
    if (!/^xl\/worksheets\/[^/]+\.xml$/i.test(name)) continue
    requireCells(source, xml)
    const cells = [...xml.matchAll(/<(?:\w+:)?mergeCell\s[^>]*\bref="([A-Z]+\d+):([A-Z]+\d+)"/g)]
    merged.set(
      name,
      cells.map(([, from = '', to = '']) => [from, to] as const)
    )
  }
  return { bytes: Uint8Array.from(zipSync(files, { level: 0 })).buffer, merged, parts }
}

function refuseOthers(source: FeedSource): void {
  const { bytes } = source
  if (bytes.length === 0) throw unreadableSource(source, 'empty', 'is empty')
  if (startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]))
    throw unreadableSource(
      source,
      'wrong_kind',
      'is an old workbook (.xls), or has a password: save it as .xlsx without one'
    )
  if (startsWith(bytes, [0x50, 0x4b])) return
  refuseWebPage(source, Buffer.from(bytes.subarray(0, 20_000)).toString('latin1'))
  throw unreadableSource(source, 'wrong_kind', 'is no Excel workbook (.xlsx)')
}

/** What an entry says of its size is not believed: the buffer that it is unpacked into has that size and no more. */
function unpack(source: FeedSource, bytes: Uint8Array): Record<string, Uint8Array> {
  let [count, total] = [0, 0]
  const tooLarge = unreadableSource(
    source,
    'too_large',
    `would be larger than ${mostUnpacked / 1_048_576} MiB, or have more than ${mostParts} parts, when it is unpacked`
  )
  try {
    return unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (!/\.(?:xml|rels)$/i.test(name)) return false
        count += 1
        total += originalSize
        if (count > mostParts || total > mostUnpacked) throw tooLarge
        return true
      }
    })
  } catch (error) {
    if (error === tooLarge) throw error
    throw unreadableSource(source, 'damaged', 'cannot be unpacked: the archive is damaged or encrypted')
  }
}

/** A single cell far out, as XFD1048576, would make a reader lay out billions. */
function requireCells(source: FeedSource, xml: string): void {
  let [rows, columns] = [0, 0]
  for (const [, letters = '', row] of xml.matchAll(/<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,8})(\d{1,9})"/g)) {
    rows = Math.max(rows, Number(row))
    columns = Math.max(columns, columnNumber(letters))
  }
  if (columns > mostSheetColumns)
    throw unreadableSource(
      source,
      'too_many_columns',
      `has ${columns} columns, and a table may have ${mostSheetColumns}`
    )
  if (rows * columns > mostCells)
    throw unreadableSource(
      source,
      'too_many_rows',
      `has a sheet of ${rows} rows and ${columns} columns: take a part of it`
    )
}

/** The number of a column, from 1. */
function columnNumber(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0)
}

/** The row and the column of a cell, counted from 0. */
export function cellIndexes(reference: string): { readonly row: number; readonly column: number } {
  const [, letters = 'A', row = '1'] = /^([A-Z]+)(\d+)$/.exec(reference) ?? []
  return { row: Number(row) - 1, column: columnNumber(letters) - 1 }
}
