import { randomInt } from 'node:crypto'
import fc from 'fast-check'

/**
 * What part of its random runs a property is tried with: `PORTOLAN_TEST_SCALE`. The gate says 1, which is all of them; a fifth finds what
 * is plainly wrong.
 */
const scale = Number(process.env.PORTOLAN_TEST_SCALE || 0.2)
if (!(scale > 0)) throw new Error(`PORTOLAN_TEST_SCALE=${process.env.PORTOLAN_TEST_SCALE} must be a number above 0`)

/** Of so many runs as many as the scale says, and one at least. */
export function runs(count: number): number {
  return Math.max(1, Math.round(count * scale))
}

/** Of the rows of a table as many as the scale says, others in each run; all of them in the gate. */
export function some<Row>(rows: readonly Row[]): readonly Row[] {
  const step = Math.max(1, Math.round(1 / scale))
  const first = randomInt(step)
  return rows.filter((_, index) => index % step === first)
}

// Of properties that name no number; 100 is what fast-check has for them.
fc.configureGlobal({ ...fc.readConfigureGlobal(), numRuns: runs(100) })

export { fc }
