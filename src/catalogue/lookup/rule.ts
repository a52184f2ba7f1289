import type { Destination } from '../../domain/lookup/destination.ts'
import { ruleQueries } from '../../domain/lookup/lookup.ts'
import { judge, type RuleVerdict } from '../../domain/lookup/verdict.ts'
import { parseHost } from '../../domain/network/host.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Catalogues } from '../catalogues.ts'
import { findPlaces, type LookedUp, type LookupClocks } from './places.ts'

/** Whether a rule may be removed, and what says so. */
export interface JudgedRule {
  readonly verdict: RuleVerdict
  /** The place that the verdict names, if it names one. */
  readonly by?: LookedUp
  /** The first places. */
  readonly found: readonly LookedUp[]
  readonly hasMore: boolean
  /** Whether names lie below the one that was asked for, which the rule does not let through. */
  readonly hasNamesBelow: boolean
  /** The next instant at which the clock changes the answer. */
  readonly validUntil?: Instant
}

type Sources = Pick<Catalogues, 'store' | 'heads' | 'cache' | 'now'>

/**
 * Judges whether a rule of a firewall that lets a destination through may be removed, by all catalogues.
 * @throws PortolanError `time_out_of_range`
 */
export async function judgeRule(
  catalogues: Sources,
  destination: Destination,
  clocks: LookupClocks,
  limit: number
): Promise<JudgedRule> {
  const places = await findPlaces(catalogues, ruleQueries(destination), clocks, limit)
  const { findings, endOf, validUntil, withRevisions } = places
  const verdict = judge(findings, endOf)
  const found: LookedUp[] = []
  for (const finding of findings.slice(0, limit)) found.push(await withRevisions(finding))
  return {
    verdict,
    ...('by' in verdict && { by: await withRevisions(verdict.by) }),
    found,
    hasMore: findings.length > limit,
    hasNamesBelow: await hasNamesBelow(catalogues, destination, clocks),
    ...(validUntil !== undefined && { validUntil })
  }
}

async function hasNamesBelow(catalogues: Sources, { value, targets }: Destination, clocks: LookupClocks) {
  if (targets === 'everything' || targets.some((target) => 'family' in target)) return false
  const below = parseHost(`*.${value}`)
  if ('fault' in below) return false
  const { findings } = await findPlaces(catalogues, [{ target: below }], clocks, 0)
  return findings.some(({ match }) => match === 'within' || match === 'exact')
}
