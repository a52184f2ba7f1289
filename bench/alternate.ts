import { median, spread } from './figures.ts'
import type { Row } from './row.ts'

export interface Alternated {
  readonly ours: number
  readonly baseline: number
  readonly figure: NonNullable<Row['figure']>
}

export type Measure = () => number | Promise<number>

/**
 * Measures ours and the baseline in turn, A B A B, since the speed of a shared machine drifts: each ratio compares two neighbours, and
 * the median of the ratios counts. The first pair warms up and is dropped, unless it is the only one.
 */
export async function alternate(pairs: number, ours: Measure, baseline: Measure): Promise<Alternated> {
  const measured: { readonly ours: number; readonly baseline: number }[] = []
  for (let pair = 0; pair < pairs + (pairs > 1 ? 1 : 0); pair += 1) {
    measured.push({ ours: await ours(), baseline: await baseline() })
  }
  const kept = pairs > 1 ? measured.slice(1) : measured
  const ratios = kept.map((pair) => pair.ours / pair.baseline)
  return {
    ours: median(kept.map((pair) => pair.ours)),
    baseline: median(kept.map((pair) => pair.baseline)),
    figure: { value: median(ratios), unit: 'x', spread: spread(ratios) }
  }
}

/** How many milliseconds a function takes. */
export async function timed(run: () => unknown): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}
