import type { PackStep } from '../../domain/change-pack/change-pack.ts'
import type { SubjectPack } from '../../domain/change-pack/subject-pack.ts'
import { countText } from '../../domain/change-pack/summary.ts'
import { iCalendar, iCalInstant, iCalText } from '../i-calendar.ts'
import { rowText } from './pack-window.ts'

/** An entry with more rows counts the others. */
const mostRows = 50

/** A change pack as an iCalendar, RFC 5545: an entry for each step, at the instant from which on, or for a check by which, it is done. */
export function packCalendar(pack: SubjectPack): string {
  return iCalendar(
    `${pack.product}: from ${pack.from.label} to ${pack.to.label}`,
    pack.steps.flatMap((step) => entryOf(step, pack))
  )
}

function entryOf(step: PackStep, { id, product, to }: SubjectPack): readonly string[] {
  const stamp = iCalInstant(to.recordedAt)
  const summary = iCalText(`${product}: ${step.do} ${countText(step.rows)}`)
  const rest = step.rows.length > mostRows ? [`and ${step.rows.length - mostRows} more`] : []
  const after = 'after' in step && step.after ? [`After steps ${step.after.join(', ')}.`] : []
  return [
    'BEGIN:VEVENT',
    `UID:${id}-${step.n}@portolan`,
    `DTSTAMP:${stamp}`,
    `LAST-MODIFIED:${stamp}`,
    `DTSTART:${iCalInstant(step.do === 'verify' ? step.by : step.notBefore)}`,
    `SUMMARY:${summary}`,
    `DESCRIPTION:${iCalText([...after, ...step.rows.slice(0, mostRows).map(rowText), ...rest].join('\n'))}`,
    'TRANSP:TRANSPARENT',
    'END:VEVENT'
  ]
}
