export type Goal = { readonly atMost: number } | { readonly atLeast: number }

/** One line of the table. */
export interface Row {
  readonly what: string
  /** Ours and what it is held against, medians, as people read them. */
  readonly ours: string
  readonly baseline?: string
  /** What the goal speaks of: a ratio, or a figure of its own with its unit. */
  readonly figure?: {
    readonly value: number
    readonly unit: 'x' | 's' | 'MB'
    readonly spread?: readonly [number, number]
  }
  readonly goal?: Goal
}

/** `quick`: everything once in small size, to see that it runs. Its figures mean nothing. */
export type Size = 'full' | 'quick'

/** What a benchmark is asked, and how it tells what it does meanwhile. */
export interface Run {
  readonly size: Size
  readonly say: (text: string) => void
}

export type Benchmark = (run: Run) => Promise<readonly Row[]>

/** Whether the figure meets the goal; undefined where there is none. */
export function meets({ figure, goal }: Row): boolean | undefined {
  if (!figure || !goal) return undefined
  return 'atMost' in goal ? figure.value <= goal.atMost : figure.value >= goal.atLeast
}
