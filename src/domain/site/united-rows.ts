import { valueKey } from '../document/endpoint.ts'
import { groupBy } from '../group.ts'
import { lasting, stretchOf } from '../reference/row-stretch.ts'
import type { Origin, ResolvedEndpoint } from '../view/view.ts'

const order: Readonly<Record<Origin['kind'], number>> = { catalogue: 0, feed: 1, binding: 2, overlay: 3 }

function rankOf({ origin, role = '', from = '' }: ResolvedEndpoint): string {
  return origin ? [order[origin.kind], origin.ref, role, from].join('\n') : ''
}

/** Whether a row is as its catalogue or a feed has it. Such rows of one value never hold at one time. */
function isPublished({ origin }: ResolvedEndpoint): boolean {
  return origin?.kind === 'catalogue' || origin?.kind === 'feed'
}

/**
 * The rows of one requirement with at most one of a value at each instant. Where a binding or overlay brings a value that is there already, rows
 * whose lifetimes touch or overlap become one, and what the catalogue says of it goes before.
 */
export function unitedRows(rows: readonly ResolvedEndpoint[]): readonly ResolvedEndpoint[] {
  if (rows.every(isPublished)) return rows
  return [...groupBy(rows, valueKey).values()].flatMap((same) =>
    same.length === 1 || same.every(isPublished) ? same : unitedValue(same)
  )
}

function unitedValue(rows: readonly ResolvedEndpoint[]): readonly ResolvedEndpoint[] {
  const ranked = [...rows].sort((a, b) => {
    const [left, right] = [rankOf(a), rankOf(b)]
    return left < right ? -1 : left > right ? 1 : 0
  })
  let placed: readonly ResolvedEndpoint[] = ranked.filter(isPublished)
  for (const row of ranked) if (!isPublished(row)) placed = withRow(placed, row)
  return placed
}

/** The rows with another one, which becomes part of those that it touches. */
function withRow(placed: readonly ResolvedEndpoint[], row: ResolvedEndpoint): readonly ResolvedEndpoint[] {
  const { start, end } = stretchOf(row)
  const touches = (other: ResolvedEndpoint) => {
    const stretch = stretchOf(other)
    return stretch.start <= end && start <= stretch.end
  }
  const [first, ...rest] = placed.filter(touches)
  if (!first) return [...placed, row]
  const stretches = [first, ...rest, row].map(stretchOf)
  const united = lasting(first, {
    start: Math.min(...stretches.map((stretch) => stretch.start)),
    end: Math.max(...stretches.map((stretch) => stretch.end))
  })
  return [united, ...placed.filter((other) => !touches(other))]
}
