import { PortolanError } from '../errors.ts'
import { type AsOf, parseAsOf, requireInstant } from '../read/as-of.ts'
import type { Instant } from '../time/instant.ts'
import { parseSince, type Since } from './since.ts'

/** Between which two states the work leads. */
export type PackSpan =
  | { readonly kind: 'between'; readonly from: AsOf; readonly to: AsOf }
  /** One transition of a revision. */
  | { readonly kind: 'at'; readonly at: Instant; readonly asOf: AsOf }
  /** From what somebody loaded to what holds now. */
  | { readonly kind: 'since'; readonly since: Since }

/** A span as people write it in a query or on a command line. */
export interface WrittenSpan {
  readonly from?: string
  readonly to?: string
  readonly at?: string
  /** The revision whose transition is meant; absent: the newest. */
  readonly asOf?: string
  readonly since?: string
}

/**
 * Reads exactly one of `from` with `to`, `at` and `since`.
 * @throws PortolanError `invalid_parameter`, `invalid_instant`, `unknown_tag`
 */
export function readSpan({ from, to, at, asOf, since }: WrittenSpan): PackSpan {
  const asked = [from ?? to, at, since].filter((part) => part !== undefined)
  if (asked.length !== 1)
    throw new PortolanError('invalid_parameter', 'A change pack needs exactly one of from= with to=, at= and since=.')
  if (at !== undefined) return { kind: 'at', at: requireInstant(at, 'at'), asOf: parseAsOf(asOf) }
  if (asOf !== undefined)
    throw new PortolanError(
      'invalid_parameter',
      'asOf= says which revision has the transition at=: it has no meaning without.'
    )
  if (since !== undefined) return { kind: 'since', since: parseSince(since) }
  if (from === undefined || to === undefined)
    throw new PortolanError('invalid_parameter', 'from= and to= stand together: give both revisions.')
  return { kind: 'between', from: parseAsOf(from, 'from'), to: parseAsOf(to, 'to') }
}
