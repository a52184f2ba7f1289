import type { TimelineEntry } from '../../domain/event/timeline.ts'
import { readInstant } from '../../domain/time/instant.ts'
import { dayOf } from '../template/date-text.ts'

/** The drawing in its own coordinates, from left to right as time goes. */
export interface TimelineDrawing {
  readonly width: number
  readonly marks: readonly DrawnMark[]
  readonly bars: readonly DrawnBar[]
}

/** An issue or a transition at its instant. */
interface DrawnMark {
  readonly x: number
  readonly kind: TimelineEntry['kind']
  readonly state: TimelineEntry['state']
  /** Empty where there is no room for one. */
  readonly label: string
  readonly date: string
}

/** How long one state holds. What is only announced has not begun. */
interface DrawnBar {
  readonly x: number
  readonly width: number
  readonly state: TimelineEntry['state']
}

const width = 1000
const [left, right] = [120, 900]
/** The room that a label needs. */
const labelWidth = 96

/** The drawing of a part of a history, ascending by time; undefined where there is nothing to compare in time. */
export function timelineDrawing(entries: readonly TimelineEntry[]): TimelineDrawing | undefined {
  const [first, last] = [entries[0], entries.at(-1)]
  if (!first || !last || first === last) return undefined
  const [begin, end] = [readInstant(first.at), readInstant(last.at)]
  const place = (at: string) =>
    Math.round(left + ((readInstant(at) - begin) / Math.max(1, end - begin)) * (right - left))
  const labelled = withRoom(entries, place)
  return {
    width,
    marks: entries.map((entry) => ({
      x: place(entry.at),
      kind: entry.kind,
      state: entry.state,
      label: labelled.has(entry) ? labelOf(entry) : '',
      date: labelled.has(entry) ? dayOf(entry.at).text : ''
    })),
    bars: entries.map(({ at, state }, index) => {
      const next = entries[index + 1]
      const x = place(at)
      return { x, width: (next ? place(next.at) : width) - x, state }
    })
  }
}

/** The entries that have room for a label, the newest first. */
function withRoom(entries: readonly TimelineEntry[], place: (at: string) => number): ReadonlySet<TimelineEntry> {
  const chosen = new Set<TimelineEntry>()
  let free = Number.POSITIVE_INFINITY
  for (const entry of [...entries].reverse()) {
    const x = place(entry.at)
    if (x + labelWidth > free) continue
    chosen.add(entry)
    free = x
  }
  return chosen
}

function labelOf({ kind, revision, counts: { added, changed, removed } }: TimelineEntry): string {
  if (kind === 'revision') return revision.label.length > 12 ? `${revision.label.slice(0, 11)}…` : revision.label
  const begin = added + changed
  return [...(begin > 0 ? [`+${begin}`] : []), ...(removed > 0 ? [`−${removed}`] : [])].join(' ')
}
