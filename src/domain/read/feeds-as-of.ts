import { PortolanError } from '../errors.ts'
import type { Instant } from '../time/instant.ts'
import { type AsOf, requireInstant } from './as-of.ts'

/** The clock of the feeds to which a catalogue refers. */
export interface FeedsAsOf {
  /** Catalogues of feeds that are read at the revision of a number. */
  readonly pins: ReadonlyMap<string, number>
  /** The instant at which the others are read; absent: the newest revision. */
  readonly instant?: Instant
  /** Whether there are no others: what is not pinned is not read. */
  readonly isComplete?: boolean
}

/**
 * Reads the values of `feedsAsOf`: `CATALOGUE:NUMBER`, for any number of catalogues, and at most one instant for the others.
 * @throws PortolanError `invalid_instant`, `invalid_parameter`
 */
export function parseFeedsAsOf(texts: readonly string[]): FeedsAsOf {
  const pins = new Map<string, number>()
  const instants = new Set<Instant>()
  for (const text of texts) {
    const [, catalogue, number] = /^([^:]+):(\d{1,10})$/.exec(text) ?? []
    if (catalogue === undefined) instants.add(requireInstant(text, 'feedsAsOf'))
    else if (pins.has(catalogue) && pins.get(catalogue) !== Number(number))
      throw new PortolanError('invalid_parameter', `feedsAsOf names two revisions of ${catalogue}.`)
    else pins.set(catalogue, Number(number))
  }
  const [instant, other] = instants
  if (other !== undefined)
    throw new PortolanError('invalid_parameter', 'feedsAsOf takes one instant, beside revisions of catalogues.')
  return { pins, ...(instant !== undefined && { instant }) }
}

/** The clock that reads the feeds of these pins, `CATALOGUE:NUMBER`, and no others: those of a page run, or of a pinned URL. */
export function pinnedFeeds(pins: readonly string[] = []): FeedsAsOf {
  return { ...parseFeedsAsOf(pins), isComplete: true }
}

export const resolves = ['feeds', 'none'] as const
/** Whether rows of feeds stand in the place of references to them. */
export type Resolve = (typeof resolves)[number]

/** How a read asks for the feeds of a catalogue. */
export interface WrittenResolve {
  readonly resolve?: Resolve
  readonly feedsAsOf?: readonly string[]
}

/**
 * The clock of feeds beside that of the catalogue; undefined where references to them are not resolved. Where it names no instant, that of the
 * catalogue counts, if it is one.
 * @throws PortolanError `invalid_instant`, `invalid_parameter`
 */
export function readFeedsAsOf(
  { resolve, feedsAsOf }: WrittenResolve,
  asOf: AsOf,
  byDefault: Resolve = 'none'
): FeedsAsOf | undefined {
  if ((resolve ?? byDefault) === 'feeds') {
    const read = parseFeedsAsOf(feedsAsOf ?? [])
    return asOf.kind === 'instant' ? { instant: asOf.instant, ...read } : read
  }
  if (feedsAsOf === undefined) return undefined
  throw new PortolanError(
    'invalid_parameter',
    'feedsAsOf has a meaning only where feeds are resolved: add resolve=feeds.'
  )
}
