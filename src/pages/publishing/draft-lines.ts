import type { Fault } from '../../domain/errors.ts'

/** Up to so many lines are shown whole; of a longer draft only those around what is wrong. */
const mostLines = 5000
const linesAround = 5

/** A line of a numbered copy of a draft. */
export interface DraftLine {
  readonly number: number
  readonly text: string
  readonly isMarked: boolean
}

/** The numbered copy of a draft. `places`: the faults and findings to which lines belong. */
export function draftLines(text: string, places: readonly Pick<Fault, 'line'>[]): readonly DraftLine[] {
  const marked = new Set(places.flatMap(({ line }) => line ?? []))
  const all = text
    .split('\n')
    .map((line, index) => ({ number: index + 1, text: line, isMarked: marked.has(index + 1) }))
  if (all.length <= mostLines) return all
  const near = new Set<number>()
  for (const line of marked) for (let at = line - linesAround; at <= line + linesAround; at += 1) near.add(at)
  return all.filter(({ number }) => near.has(number)).slice(0, mostLines)
}
