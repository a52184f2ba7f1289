import type { Instant } from '../time/instant.ts'

/** The time from one instant up to another, which is not part of it; infinite where there is no bound. */
export interface Stretch {
  readonly start: Instant
  readonly end: Instant
}

/** All of these stretches, joined where they overlap or touch, ascending. */
export function unionOfStretches(stretches: readonly Stretch[]): readonly Stretch[] {
  const joined: Stretch[] = []
  for (const stretch of [...stretches].sort((a, b) => a.start - b.start)) {
    if (stretch.start >= stretch.end) continue
    const last = joined.at(-1)
    if (last && stretch.start <= last.end)
      joined[joined.length - 1] = { start: last.start, end: Math.max(last.end, stretch.end) }
    else joined.push(stretch)
  }
  return joined
}

/** What two stretches have in common; undefined where that is nothing. */
export function commonStretch(a: Stretch, b: Stretch): Stretch | undefined {
  const [start, end] = [Math.max(a.start, b.start), Math.min(a.end, b.end)]
  return start < end ? { start, end } : undefined
}

/** What of some stretches lies in none of others, ascending. */
export function withoutStretches(stretches: readonly Stretch[], others: readonly Stretch[]): readonly Stretch[] {
  let left = unionOfStretches(stretches)
  for (const { start, end } of others)
    left = left.flatMap((stretch) => [
      ...(stretch.start < start ? [{ start: stretch.start, end: Math.min(stretch.end, start) }] : []),
      ...(end < stretch.end ? [{ start: Math.max(stretch.start, end), end: stretch.end }] : [])
    ])
  return left
}
