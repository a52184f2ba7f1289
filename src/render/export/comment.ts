import type { ExportEntry } from '../../domain/export/export-entry.ts'

/** Text that no tool reads as anything but a comment: one line, without control characters, quotes and backslashes. */
export function commentText(text: string): string {
  return text
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/["'`\\]/g, '')
    .trim()
}

/** Lines as comments, each ended. */
export function commentLines(lines: readonly string[], mark: string): string {
  return lines.map((line) => `${mark} ${line}\n`).join('')
}

/** Where an entry comes from, in at most `most` characters: keys and instants, which need no cleaning. */
export function entryNote({ requirements, until }: ExportEntry, most = 128): string {
  const end = until === undefined ? '' : `, until ${until}`
  const room = most - end.length
  const keys = requirements.join(' ')
  return (keys.length <= room ? keys : `${keys.slice(0, Math.max(0, room - 3))}...`) + end
}
