import type { HistoryLine } from '../../catalogue/history/change-history.ts'
import type { Turn } from '../../catalogue/history/turns.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import type { PageFrame } from '../frame/frame.ts'
import { type DateText, dateTime, printedDate } from '../template/date-text.ts'
import { turnText } from '../template/turn-text.ts'

/** A row of the change history. */
export interface HistoryTableRow {
  /** The date as printed, where there is one. */
  readonly date: DateText
  readonly version: string
  readonly text: string
  readonly reason?: string
  readonly isReconstructed: boolean
  /** How it stood from then on. */
  readonly href: string
  /** What it changed; absent for the first issue. */
  readonly diff?: string
}

export function historyTable(id: string, lines: readonly HistoryLine[], frame: PageFrame): readonly HistoryTableRow[] {
  return lines.map((line) => (line.kind === 'issue' ? issueRow(id, line, frame) : turnRow(id, line.turn, line, frame)))
}

function issueRow(
  id: string,
  { revision, date }: Extract<HistoryLine, { readonly kind: 'issue' }>,
  { links, has }: PageFrame
): HistoryTableRow {
  const { number, label, summary, reason, publishedAt, reconstructed } = revision
  return {
    date: {
      iso: formatInstant(publishedAt),
      text: date === undefined ? dateTime(publishedAt).text : printedDate(date)
    },
    version: label,
    text: summary,
    ...(reason !== undefined && { reason }),
    isReconstructed: reconstructed,
    href: links.plain(`/c/${id}`, { asOf: number }),
    ...(number > 1 && has('/c/:id/diff') && { diff: links.plain(`/c/${id}/diff`, { from: number - 1, to: number }) })
  }
}

function turnRow(
  id: string,
  turn: Turn,
  { revision: { number, label } }: HistoryLine,
  { links, has }: PageFrame
): HistoryTableRow {
  const [before, after] = [formatInstant(turn.instant - 1), formatInstant(turn.instant)]
  const sides = { from: number, to: number, fromEffectiveAt: before, toEffectiveAt: after }
  return {
    date: dateTime(turn.instant),
    version: `under ${label}`,
    text: `${turnText(turn)}.`,
    isReconstructed: false,
    href: links.plain(`/c/${id}`, { asOf: number, effectiveAt: after }),
    ...(has('/c/:id/diff') && { diff: links.plain(`/c/${id}/diff`, sides) })
  }
}
