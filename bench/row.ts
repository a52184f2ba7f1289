export type Goal = { readonly atMost: number } | { readonly atLeast: number }

/** One row of the table. */
export interface Row {
  readonly what: string
  /** Our figure and that of the baseline: medians, as text. */
  readonly ours: string
  readonly baseline?: string
  /** The figure that the goal limits: a ratio, or a value with its unit. */
  readonly figure?: {
    readonly value: number
    readonly unit: 'x' | 's' | 'MB'
    readonly spread?: readonly [number, number]
  }
  readonly goal?: Goal
}

/** `quick`: every benchmark once in small size, only to see that it runs. Its figures mean nothing. */
export type Size = 'full' | 'quick'

/** The size of a run, and a function to report its progress. */
export interface Run {
  readonly size: Size
  readonly say: (text: string) => void
}

export type Benchmark = (run: Run) => Promise<readonly Row[]>

/** Whether the figure meets the goal; undefined if there is no goal. */
export function meetsGoal({ figure, goal }: Row): boolean | undefined {
  if (!figure || !goal) return undefined
  return 'atMost' in goal ? figure.value <= goal.atMost : figure.value >= goal.atLeast
}
