import type { Instant } from '../time/instant.ts'
import {
  type Flow,
  type FlowSource,
  flowsOf,
  type NeededFlow,
  neededBy,
  requirementPlace,
  spanAt,
  type TimeSpan
} from './needed-flow.ts'

/** What somebody has, and what is wanted. */
export interface MoveSides {
  readonly before: FlowSource
  readonly after: FlowSource
  /** What held at this instant `before` is what they have. */
  readonly since: Instant
  /**
   * Bounds that both documents announce are news up to this instant, since the clock has passed them meanwhile. Equal to `since`, where what
   * was announced is known.
   */
  readonly now: Instant
}

/** A flow that is to be opened at an instant. */
export interface Opening {
  readonly flow: Flow
  readonly at: Instant
  readonly requirements: readonly string[]
  /** The conditions of the requirements; none where one of them is needed in any case. */
  readonly conditions: readonly string[]
  /** It begins by its own lifetime, and not by the publishing. */
  readonly isDated: boolean
}

/** A flow that may be closed at an instant. */
export interface Closing {
  readonly flow: Flow
  readonly at: Instant
  /** The end that was announced before, where it was another one. */
  readonly was?: Instant
  /** The requirements that needed it. */
  readonly requirements: readonly string[]
  /** The values that take its place. */
  readonly replacedBy: readonly string[]
}

/** A flow that a requirement no longer needs, or that was to end, and that stays open. */
export interface Kept {
  readonly flow: Flow
  /** The end that was announced before and no longer is. */
  readonly was?: Instant
  readonly neededBy: readonly { readonly catalogue?: string; readonly requirement: string }[]
}

export interface Moves {
  readonly opens: readonly Opening[]
  readonly closes: readonly Closing[]
  readonly kept: readonly Kept[]
}

const nothing: Pick<NeededFlow, 'needs' | 'spans'> = { needs: [], spans: [] }

/** What is to be opened and closed, so that a firewall that has `before` follows `after`. A flow is judged by all requirements that need it. */
export function movesBetween({ before, after, since, now }: MoveSides): Moves {
  const [old, next] = [flowsOf(before), flowsOf(after)]
  const opens: Opening[] = []
  const closes: Closing[] = []
  const kept: Kept[] = []
  for (const id of new Set([...old.keys(), ...next.keys()])) {
    const flow = (next.get(id) ?? old.get(id))?.flow
    if (!flow) continue
    const had: NeededFlow = { flow, ...(old.get(id) ?? nothing) }
    const has: NeededFlow = { flow, ...(next.get(id) ?? nothing) }
    const wasOpen = spanAt(had.spans, since)
    const stays = spanAt(has.spans, since)
    const isNews = (bound: 'start' | 'end', at: number) => at <= now || !had.spans.some((span) => span[bound] === at)

    if (wasOpen && !stays) closes.push(closing(had, had, since, wasOpen))
    if (!wasOpen && stays) opens.push(opening(has, since, false))
    if (wasOpen && stays?.end === Number.POSITIVE_INFINITY) kept.push(...staying(had, has, wasOpen, since))
    for (const { start, end } of has.spans) {
      if (start > since && isNews('start', start)) opens.push(opening(has, start, true))
      if (end > since && Number.isFinite(end) && isNews('end', end)) closes.push(closing(has, had, end, wasOpen))
    }
  }
  return { opens, closes, kept }
}

function opening(needed: NeededFlow, at: Instant, isDated: boolean): Opening {
  const needs = needed.needs.filter((need) => spanAt([need], at))
  const conditions = needs.map(({ condition }) => condition)
  const isConditional = conditions.every((condition) => condition !== undefined)
  return {
    flow: needed.flow,
    at,
    requirements: neededBy(needed, at),
    conditions: isConditional ? [...new Set(conditions.filter((condition) => condition !== undefined))].sort() : [],
    isDated
  }
}

function closing(ending: NeededFlow, had: NeededFlow, at: Instant, wasOpen: TimeSpan | undefined): Closing {
  const last = ending === had ? at : at - 1
  const needs = ending.needs.filter((need) => spanAt([need], last))
  const known = wasOpen && Number.isFinite(wasOpen.end) && wasOpen.end !== at ? wasOpen.end : undefined
  return {
    flow: ending.flow,
    at,
    ...(known !== undefined && { was: known }),
    requirements: neededBy(ending, last),
    replacedBy: [...new Set(needs.flatMap(({ endpoint: { replacedBy = [] } }) => replacedBy))].sort()
  }
}

/** A flow that some requirement needed, or that was to end, and that others go on to need. */
function staying(had: NeededFlow, has: NeededFlow, wasOpen: TimeSpan, since: Instant): readonly Kept[] {
  const [before, after] = [neededBy(had, since), neededBy(has, since)]
  const lost = before.filter((key) => !after.includes(key))
  const ended = Number.isFinite(wasOpen.end)
  if (lost.length === 0 && !ended) return []
  return [
    {
      flow: has.flow,
      ...(ended && { was: wasOpen.end }),
      neededBy: after.map(requirementPlace)
    }
  ]
}
