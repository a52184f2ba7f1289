import { type ExportEntry, type ExportTarget, targetValue } from '../../domain/export/export-entry.ts'

/** One value on each line. The last line has a line end too. */
export function valueLines(
  entries: readonly ExportEntry[],
  write: (target: ExportTarget) => string = valueText
): string {
  return entries.map(({ target }) => `${write(target)}\n`).join('')
}

function valueText(target: ExportTarget): string {
  return targetValue(target) ?? ''
}
