import { CsvError, parse } from 'csv-parse/sync'
import { mostColumns, type Table, type TableLine } from '../table/table.ts'
import { type FeedSource, type Imported, unreadableSource } from './adapter.ts'
import { textOfSource } from './source-page.ts'
import { headedTable, importTable, noTable, requireSize } from './table-source.ts'

const delimiters = [',', ';', '\t'] as const
const largestRecord = 4 * 1_048_576

/** Where a header may stand. */
const firstRecords = 60
/** No row of a table has so many: not even one whose cells are full of commas. */
const mostDelimiters = 20_000

/** Reads a table as comma-separated values (RFC 4180), also apart by semicolons or tabs: that which makes columns with known headings. */
export function readCsvFeed(source: FeedSource): Imported {
  const text = textOfSource(source)
  const starts: Table[] = []
  let failure: Error | undefined
  for (const delimiter of delimiters) {
    refuseWidth(source, text, delimiter)
    const start = tableOf(source, text, delimiter, firstRecords)
    if (start instanceof Error) failure ??= start
    else if (headedTable(start)) return importWhole(source, text, delimiter)
    else starts.push(start)
  }
  throw failure ?? noTable(source, starts)
}

function importWhole(source: FeedSource, text: string, delimiter: string): Imported {
  const table = tableOf(source, text, delimiter)
  if (table instanceof Error) throw table
  requireSize(source, table)
  const headed = headedTable(table)
  if (!headed) throw noTable(source, [table])
  return importTable(headed)
}

/** A line of a million commas is refused before cells are made of it. */
function refuseWidth(source: FeedSource, text: string, delimiter: string): void {
  let [count, end] = [0, -1]
  for (let at = text.indexOf(delimiter); at >= 0; at = text.indexOf(delimiter, at + 1)) {
    if (at > end) {
      const next = text.indexOf('\n', at)
      end = next < 0 ? text.length : next
      count = 0
    }
    count += 1
    if (count > mostDelimiters)
      throw unreadableSource(
        source,
        'too_many_columns',
        `has a row of more than ${mostDelimiters} columns, and a table may have ${mostColumns}`
      )
  }
}

interface Entry {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

/** Undefined columns and rows of different lengths are the rule in tables that people have. */
function tableOf(source: FeedSource, text: string, delimiter: string, most?: number): Table | Error {
  try {
    // With `info` each entry is an object, which the types of the library do not say.
    const entries = parse(text, {
      delimiter,
      info: true,
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: false,
      max_record_size: largestRecord,
      ...(most !== undefined && { to: most })
    }) as unknown as readonly Entry[]
    return { lines: linesOf(entries) }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error
    const line = 'lines' in error && typeof error.lines === 'number' ? error.lines : undefined
    return unreadableSource(source, 'malformed_csv', csvFault(error), line === undefined ? {} : { line, column: 1 })
  }
}

function csvFault({ code, message }: CsvError): string {
  if (code === 'CSV_QUOTE_NOT_CLOSED') return 'has a quotation mark that is not closed'
  if (code === 'CSV_MAX_RECORD_SIZE') return 'has a row that is too long: a quotation mark may not be closed'
  return `cannot be read as CSV: ${message.replace(/\.$/, '')}`
}

/** A record may have line breaks in its cells: it begins where the one before ended. */
function linesOf(entries: readonly Entry[]): readonly TableLine[] {
  let line = 1
  return entries.map(({ record, info }) => {
    const start = line
    line = info.lines + 1
    return { line: start, cells: record }
  })
}
