import type { Fault } from '../errors.ts'
import { quote } from '../json/source-text.ts'

/** A row of a table, as its cells were written. */
export interface TableLine {
  /** Its line in the text, or its row in the sheet; counted from 1. */
  readonly line: number
  readonly cells: readonly string[]
}

/** A table as somebody has it, without any judgement of its headings. */
export interface Table {
  /** The sheet of a workbook; absent for a text. */
  readonly sheet?: string
  readonly lines: readonly TableLine[]
}

/** Where a cell stands: as line and column of a text, or as a cell of a sheet, such as `Sheet1!C14`. */
export type CellPlace = Pick<Fault, 'line' | 'column' | 'cell'>

/** Tables of more columns are no tables of ports. */
export const mostColumns = 1000
export const mostLines = 200_000

/** Whether a cell is empty, or is where people write that there is nothing: a dash, `n/a`. */
export function saysNothing(text: string): boolean {
  return /^(?:-|–|—|n\/?a|none)?$/i.test(text)
}

/** `index` counts the cells of the row from 0. */
export function cellPlace({ sheet }: Table, { line }: TableLine, index: number): CellPlace {
  return sheet === undefined ? { line, column: index + 1 } : { cell: `${sheet}!${columnLetters(index)}${line}` }
}

/** The letters of a column of a sheet: A, B, … Z, AA. */
export function columnLetters(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : columnLetters(Math.floor(index / 26) - 1) + letter
}

/** A fault of a cell. The detail quotes what was written there. */
export function cellFault(place: CellPlace, code: string, text: string, detail: string): Fault {
  return { pointer: '', code, detail: `${quote(text)} ${detail}`, ...place }
}
