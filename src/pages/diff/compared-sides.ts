import type { Comparand, Comparison } from '../../catalogue/history/compare.ts'
import { type CataloguePoint, instantWithin } from '../../catalogue/read/point.ts'
import type { ComparedSide } from '../../domain/change/diff.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { type Interval, intervalAt } from '../../domain/view/lifetime.ts'
import { type ClocksQuery, clocksOfQuery } from '../../http/request/query.ts'

/** What the form of a comparison asks for. */
export interface SidesQuery extends ClocksQuery {
  readonly from?: string
  readonly to?: string
  readonly fromEffectiveAt?: string
  readonly toEffectiveAt?: string
}

/** A side as it is asked for, and whether it is read at the present instant because the other side is read at one. */
interface AskedSide {
  readonly comparand: Comparand
  readonly isNow: boolean
}

export interface AskedSides {
  readonly from: AskedSide
  readonly to: AskedSide
}

/**
 * Both sides that a page is asked for. Without `to` it is the issue of the clocks of the page, and `effectiveAt` is the instant of each side
 * that has none of its own.
 * @throws PortolanError `invalid_instant`
 */
export function askedSides(query: SidesQuery, point: CataloguePoint): AskedSides {
  const { asOf, from, to } = query
  const { effectiveAt } = clocksOfQuery(query)
  const toIssue: Comparand = asOf === undefined ? {} : { asOf: { kind: 'number', number: point.revision.number } }
  const comparands = {
    from: comparandOf('from', from, query.fromEffectiveAt, effectiveAt),
    to: { ...toIssue, ...comparandOf('to', to, query.toEffectiveAt, effectiveAt) }
  }
  const isTimed = (side: Comparand) => side.effectiveAt !== undefined || side.asOf?.kind === 'instant'
  const areViews = isTimed(comparands.from) || isTimed(comparands.to)
  const asked = (side: Comparand): AskedSide =>
    areViews && !isTimed(side)
      ? { comparand: { ...side, effectiveAt: point.instant }, isNow: true }
      : { comparand: side, isNow: false }
  return { from: asked(comparands.from), to: asked(comparands.to) }
}

function comparandOf(
  name: 'from' | 'to',
  asOf: string | undefined,
  own: string | undefined,
  shared: Instant | undefined
): Comparand {
  const parsed = asOf === undefined ? undefined : parseAsOf(asOf, name)
  const effectiveAt =
    own === undefined ? (parsed?.kind === 'instant' ? undefined : shared) : requireInstant(own, `${name}EffectiveAt`)
  return { ...(parsed && { asOf: parsed }), ...(effectiveAt !== undefined && { effectiveAt }) }
}

/** How long a comparison holds: the clock changes it only through sides that are read now. */
export function intervalOf(asked: AskedSides, { from, to }: Comparison): Interval {
  const intervals = [...(asked.from.isNow ? [sideInterval(from)] : []), ...(asked.to.isNow ? [sideInterval(to)] : [])]
  const begins = intervals.flatMap(({ validFrom }) => (validFrom === undefined ? [] : [validFrom]))
  const ends = intervals.flatMap(({ validUntil }) => (validUntil === undefined ? [] : [validUntil]))
  return {
    ...(begins.length > 0 && { validFrom: Math.max(...begins) }),
    ...(ends.length > 0 && { validUntil: Math.min(...ends) })
  }
}

function sideInterval({ revision, effectiveAt = 0 }: ComparedSide): Interval {
  return intervalAt(revision.transitions, effectiveAt)
}

/** The parameters that name both sides as they were found. */
export function sidePins(asked: AskedSides, { from, to }: Comparison): Readonly<Record<string, string | undefined>> {
  return {
    asOf: undefined,
    effectiveAt: undefined,
    from: String(from.revision.number),
    to: String(to.revision.number),
    fromEffectiveAt: pinOf(asked.from, from),
    toEffectiveAt: pinOf(asked.to, to)
  }
}

function pinOf({ isNow }: AskedSide, side: ComparedSide): string | undefined {
  if (side.effectiveAt === undefined) return undefined
  const { revision, effectiveAt } = side
  // Within its interval each instant gives the same, so the page does not move with the clock.
  return formatInstant(isNow ? instantWithin(sideInterval(side), revision.publishedAt, effectiveAt) : effectiveAt)
}
