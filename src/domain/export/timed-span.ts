import { groupBy } from '../group.ts'
import { type Instant, readInstant } from '../time/instant.ts'
import type { View, ViewEndpoint } from '../view/view.ts'

/** When a timed rule holds: `[from, until)`. An absent bound is not matched: it lies before the rules were made, or there is none. */
export interface TimedSpan {
  readonly from?: Instant
  readonly until?: Instant
}

/** The instants that a device can match. */
export interface Dates {
  /** The last one; absent: every instant of the calendar. */
  readonly last?: Instant
}

/** The part of a view whose endpoints have one span. */
export interface SpanView {
  readonly span: TimedSpan
  readonly view: View
  /** The bound that the device cannot match, since it lies after the last instant that it knows. */
  readonly unsaid: 'begin' | 'end' | undefined
}

/**
 * The parts of a view by the spans of their endpoints, those without a bound first, in the order of their bounds. Every requirement stands in
 * each part. `known`: bounds up to this instant need no match.
 */
export function spanViews(view: View, known: Instant, { last = Number.POSITIVE_INFINITY }: Dates): readonly SpanView[] {
  const spans = new Map<string, Omit<SpanView, 'view'>>()
  const keyOf = ({ from, until }: ViewEndpoint) => {
    const [begin, end] = [
      from === undefined ? known : readInstant(from),
      until === undefined ? last : readInstant(until)
    ]
    const isBegun = begin <= known
    const isEndless = until === undefined || end > last
    const unsaid = !isBegun && begin > last ? 'begin' : until !== undefined && isEndless ? 'end' : undefined
    const span = { ...(!isBegun && { from: begin }), ...(!isEndless && { until: end }) }
    const key = `${spanName(span)} ${unsaid}`
    spans.set(key, { span, unsaid })
    return key
  }
  const keyed = view.requirements.map(({ endpoints }) => groupBy(endpoints, keyOf))
  const parts = [...spans].map(([key, part]) => ({
    ...part,
    view: {
      ...view,
      requirements: view.requirements.map((requirement, index) => ({
        ...requirement,
        endpoints: keyed[index]?.get(key) ?? []
      }))
    }
  }))
  return parts.sort((a, b) => compareSpans(a.span, b.span))
}

/** A span as a short part of names: `fpfw800-upikio0`, from and until in seconds since 1970 with 36 digits. The empty text where it has no bound. */
export function spanName({ from, until }: TimedSpan): string {
  const part = (word: string, instant: Instant | undefined) =>
    instant === undefined ? [] : [word + seconds(instant).toString(36)]
  return [...part('f', from), ...part('u', until)].join('-')
}

export function isTimed({ from, until }: TimedSpan): boolean {
  return from !== undefined || until !== undefined
}

/** Seconds since 1970, cut off. */
export function seconds(instant: Instant): number {
  return Math.floor(instant / 1000)
}

function compareSpans(a: TimedSpan, b: TimedSpan): number {
  const begin = (span: TimedSpan) => span.from ?? Number.NEGATIVE_INFINITY
  const end = (span: TimedSpan) => span.until ?? Number.POSITIVE_INFINITY
  const compare = (x: number, y: number) => (x === y ? 0 : x - y)
  return Number(isTimed(a)) - Number(isTimed(b)) || compare(begin(a), begin(b)) || compare(end(a), end(b))
}
