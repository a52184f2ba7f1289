import type { TimedSpan } from '../../domain/export/timed-span.ts'
import { uniqueBy } from '../../domain/group.ts'
import { minuteMs } from '../../domain/time/duration.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import type { PeerRule } from './peer-rule.ts'

/** The dates of a rule for a device that counts whole minutes: from the first to the last minute in which it holds, in UTC. */
export interface Schedule {
  /** In at most 31 characters, the same for the same dates: `ptl-20181001T0000-20181122T0000`. */
  readonly name: string
  /** Absent: it holds already. */
  readonly first?: Minute
  /** Absent: no end is announced. */
  readonly last?: Minute
}

export interface Minute {
  readonly instant: Instant
  /** `2018`, `10`, `01`. */
  readonly date: readonly [year: string, month: string, day: string]
  /** `23:59` */
  readonly time: string
}

/** The schedule of a span. Nothing is let through outside the span: it begins with its first whole minute, and ends with its last. */
export function scheduleOf({ from, until }: TimedSpan): Schedule {
  const begin = from === undefined ? undefined : Math.ceil(from / minuteMs) * minuteMs
  const end = until === undefined ? undefined : Math.floor(until / minuteMs) * minuteMs
  const word = (instant: Instant | undefined) =>
    instant === undefined ? 'always' : formatInstant(instant).slice(0, 16).replaceAll(/[-:]/g, '')
  return {
    name: `ptl-${word(begin)}-${word(end)}`,
    ...(begin !== undefined && { first: minuteOf(begin) }),
    ...(end !== undefined && { last: minuteOf(end - minuteMs) })
  }
}

/** The schedules of rules, each once. */
export function schedulesOf(rules: readonly PeerRule[]): readonly Schedule[] {
  return uniqueBy(
    rules.flatMap(({ span }) => (span ? [scheduleOf(span)] : [])),
    ({ name }) => name
  )
}

export function minuteOf(instant: Instant): Minute {
  const text = formatInstant(instant)
  return { instant, date: [text.slice(0, 4), text.slice(5, 7), text.slice(8, 10)], time: text.slice(11, 16) }
}
