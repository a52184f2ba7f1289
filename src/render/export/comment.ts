import { type ExportEntry, joinEntries } from '../../domain/export/export-entry.ts'

/** Text that every tool reads as part of a comment: one line without control characters, quotes and backslashes. */
export function commentText(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/["'`\\]/g, '')
    .trim()
}

/** Lines of comments, each with its line end. */
export function commentLines(lines: readonly string[], mark: string): string {
  return lines.map((line) => `${mark} ${line}\n`).join('')
}

/**
 * Lines of comments in a file that a device may read as if somebody typed it: in many shells a question mark asks for help, even in a
 * comment, and a line has room for 511 characters (Cisco ASA) of ASCII.
 */
export function typedCommentLines(lines: readonly string[], mark: string): string {
  return commentLines(
    lines.map((line) => commentText(line.replace(/[^ -~]+|\?/g, ' ')).slice(0, 400)),
    mark
  )
}

/** The requirements of an entry and its end, in at most `most` characters. Keys and instants are safe in every comment. */
export function entryNote({ requirements, until }: ExportEntry, most = 128): string {
  const end = until === undefined ? '' : `, until ${until}`
  const room = most - end.length
  const keys = requirements.join(' ')
  return (keys.length <= room ? keys : `${keys.slice(0, Math.max(0, room - 3))}...`) + end
}

/** The requirements of several entries and the end of the last of them, in at most `most` characters. */
export function entriesNote(entries: readonly ExportEntry[], most: number): string {
  const [first, ...others] = entries
  return first ? entryNote(others.reduce(joinEntries, first), most) : ''
}
