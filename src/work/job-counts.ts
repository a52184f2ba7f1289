import { PortolanError } from '../domain/errors.ts'
import { AbandonedError } from './shared-job.ts'
import { type JobOutcome, jobOutcomes } from './work.ts'

/** Counts what became of jobs since the start, for the metrics. */
export function countingOutcomes() {
  const counts = Object.fromEntries(jobOutcomes.map((outcome) => [outcome, 0])) as Record<JobOutcome, number>
  const count = (outcome: JobOutcome) => {
    counts[outcome] += 1
  }
  return {
    counts: counts as Readonly<Record<JobOutcome, number>>,
    count,
    countFailure: (error: unknown) => count(outcomeOf(error))
  }
}

function outcomeOf(error: unknown): JobOutcome {
  if (error instanceof AbandonedError) return 'abandoned'
  if (!(error instanceof PortolanError)) return 'failed'
  if (error.code === 'busy') return 'busy'
  return error.code === 'deadline_exceeded' ? 'deadline' : 'refused'
}
