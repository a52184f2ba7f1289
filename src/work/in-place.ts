import { countingOutcomes } from './job-counts.ts'
import { SharedJob } from './shared-job.ts'
import type { JobOptions, JobTable, Work, WorkState } from './work.ts'

/**
 * Does the work on the loop itself: for what is small, for the command line, which has nobody else to answer, and for a database in
 * memory, which no thread can open. A deadline, or a client that leaves, ends the waiting and not the work.
 */
export class InPlace<Table extends JobTable> implements Work<Table> {
  readonly #table: Table
  readonly #deadlineMs: number
  readonly #outcomes = countingOutcomes()

  constructor(table: Table, deadlineMs: number) {
    this.#table = table
    this.#deadlineMs = deadlineMs
  }

  get state(): WorkState {
    return { threads: 0, queued: 0, counts: this.#outcomes.counts }
  }

  async run<Name extends keyof Table & string>(
    name: Name,
    input: Parameters<Table[Name]>[0],
    { signal, deadlineMs = this.#deadlineMs }: JobOptions = {}
  ): Promise<Awaited<ReturnType<Table[Name]>>> {
    type Answer = Awaited<ReturnType<Table[Name]>>
    const job = new SharedJob<Answer>(deadlineMs, (end) => {
      // The table gives each name a job of its own type.
      const work = (this.#table[name] as (input: Parameters<Table[Name]>[0]) => Promise<Answer>)(input)
      return Promise.race([work, rejectedBy(end)])
    })
    try {
      const answer = await job.join(signal)
      this.#outcomes.count('done')
      return answer
    } catch (error) {
      this.#outcomes.countFailure(error)
      throw error
    }
  }

  async close(): Promise<void> {}
}

function rejectedBy(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
}
