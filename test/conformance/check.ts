/** One line of the table. Fails by throwing. */
export interface Check {
  readonly of: string
  readonly says: string
  run(): unknown
}

/** Checks of one tool. */
export function checksOf(of: string, checks: Readonly<Record<string, () => unknown>>): readonly Check[] {
  return Object.entries(checks).map(([says, run]) => ({ of, says, run }))
}
