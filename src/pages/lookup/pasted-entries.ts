import { PortolanError } from '../../domain/errors.ts'
import { type AuditEntries, mostEntries, parseAuditEntries } from '../../domain/lookup/audit-entry.ts'

/** The longest line: a URL. */
const longestLine = 2048

/** Entries that were pasted, one a line, and the lines of those that cannot be read. */
export interface PastedEntries {
  readonly entries: AuditEntries
  /** The line of a written entry, counted from 1. */
  readonly lineOf: (index: number) => number
}

/** @throws PortolanError `invalid_body` for more lines than an audit takes, or for one that no entry can be */
export function pastedEntries(text: string): PastedEntries {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((value, index) => ({ value: value.trim(), line: index + 1 }))
    .filter(({ value }) => value !== '')
  if (lines.length > mostEntries)
    throw new PortolanError('invalid_body', `There are ${lines.length} entries, and an audit takes ${mostEntries}.`)
  const long = lines.find(({ value }) => value.length > longestLine)
  if (long)
    throw new PortolanError(
      'invalid_body',
      `Line ${long.line} has more than ${longestLine} characters: write one entry a line.`
    )
  return { entries: parseAuditEntries(lines), lineOf: (index) => lines[index]?.line ?? 0 }
}
