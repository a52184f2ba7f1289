import { unnamedIn } from '../../domain/export/export-report.ts'
import type { View } from '../../domain/view/view.ts'
import { commentText } from './comment.ts'

/** How many entries an export has, and how many it left out or widened. */
export interface Figures {
  readonly entries: number
  readonly omitted: number
  readonly widened: number
}

/** The lines of the header comment of an export. They are the same for the same view, whenever it is rendered. */
export function headingOf(view: View, format: string, slice: string | undefined, figures: Figures): readonly string[] {
  const { id, title, revision, validFrom, validUntil } = view
  const { number, label, publishedAt, digest } = revision
  const since = validFrom === undefined ? `published ${publishedAt}` : `holds from ${validFrom}`
  const next = validUntil === undefined ? 'no later change is announced' : `changes next at ${validUntil}`
  return [
    title,
    `catalogue ${id}, revision ${number} (${label}), ${digest}`,
    `${since}; ${next}`,
    `${format}${slice === undefined ? '' : `, slice ${slice}`}: ${figures.entries} entries, ${figures.omitted} omitted, ${figures.widened} widened, ${unnamedIn(view).length} unnamed`
  ].map(commentText)
}
