import { unnamedIn } from '../../domain/export/export-report.ts'
import type { ExportRequest } from '../../domain/export/export-request.ts'
import { isSiteView, newestPublish, type RevisionRef, type View } from '../../domain/view/view.ts'
import { commentText } from './comment.ts'

/** How many entries an export has, and how many it left out or widened. */
export interface Figures {
  readonly entries: number
  readonly omitted: number
  readonly widened: number
  /** Whether rules have the product's own end. Absent: nothing says which it is. */
  readonly sources?: 'written' | 'left_away'
}

const sourceWarning = [
  'The own addresses of the product are left away, since the format has no side for them: it is for where the product runs.'
]
const timedWarning = [
  'The clock of the device keeps the dates: let NTP set it. Connections that are open when their rule ends may outlive it.'
]

/** The lines of the header comment of an export. They are the same for the same view, whenever it is rendered. */
export function headingOf(
  view: View,
  format: string,
  { slice, timed }: Pick<ExportRequest, 'slice' | 'timed'>,
  figures: Figures
): readonly string[] {
  const { title, validFrom, validUntil } = view
  const since = validFrom === undefined ? `published ${newestPublish(view)}` : `holds from ${validFrom}`
  const next = validUntil === undefined ? 'no later change is announced' : `changes next at ${validUntil}`
  const dates = timed ? 'its rules begin and end by themselves, all times UTC' : next
  return [
    title,
    ...subjectLines(view),
    `${since}; ${dates}`,
    `${format}${slice === undefined ? '' : `, slice ${slice}`}: ${figures.entries} entries, ${figures.omitted} omitted, ${figures.widened} widened, ${unnamedIn(view).length} unnamed`,
    ...(figures.sources === 'left_away' ? sourceWarning : []),
    ...(timed ? timedWarning : [])
  ].map(commentText)
}

/** Which revision is exported; of a site also that of each catalogue. */
function subjectLines(view: View): readonly string[] {
  if (!isSiteView(view)) return [catalogueLine(view)]
  const { id, revision, catalogues } = view
  return [`site ${id}, revision ${revision.number}, ${revision.digest}`, ...catalogues.map(catalogueLine)]
}

function catalogueLine({ id, revision }: { readonly id: string; readonly revision: RevisionRef }): string {
  return `catalogue ${id}, revision ${revision.number} (${revision.label}), ${revision.digest}`
}
