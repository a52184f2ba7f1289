import type { View } from '../../domain/view/view.ts'
import { commentText } from './comment.ts'

export interface Figures {
  readonly entries: number
  readonly omitted: number
  readonly widened: number
}

/** What stands in the header comment of an export: the same for the same view, whenever it is asked for. */
export function headingOf(view: View, format: string, slice: string | undefined, figures: Figures): readonly string[] {
  const { id, title, revision, validFrom, validUntil } = view
  const { number, label, publishedAt, digest } = revision
  const since = validFrom === undefined ? `published ${publishedAt}` : `holds from ${validFrom}`
  const next = validUntil === undefined ? 'no later change is announced' : `changes next at ${validUntil}`
  return [
    title,
    `catalogue ${id}, revision ${number} (${label}), ${digest}`,
    `${since}; ${next}`,
    `${format}${slice === undefined ? '' : `, slice ${slice}`}: ${figures.entries} entries, ${figures.omitted} omitted, ${figures.widened} widened`
  ].map(commentText)
}
