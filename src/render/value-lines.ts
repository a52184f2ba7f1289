import { type ExportEntry, type Target, targetValue } from '../domain/export-entry.ts'

/** One value a line, the last one ended too. */
export function valueLines(entries: readonly ExportEntry[], write: (target: Target) => string = valueText): string {
  return entries.map(({ target }) => `${write(target)}\n`).join('')
}

function valueText(target: Target): string {
  return targetValue(target) ?? ''
}
