import type { ErrorCode, Fault, PortolanError } from '../domain/errors.ts'

/** Named pieces of work. What each is given and what it answers with cross threads, so they are plain values and bytes. */
export type JobTable = Readonly<Record<string, (input: never) => Promise<unknown>>>

export interface JobOptions {
  /** The client that waits; when the last one has left, the work stops. */
  readonly signal?: AbortSignal
  /** In milliseconds, the time in the queue included. Default: that of the pool. */
  readonly deadlineMs?: number
  /** Two clients that ask under the same name at once get one and the same answer. Absent: each gets an answer of its own. */
  readonly shareAs?: string
}

/** Where costly answers are made, beside the loop that answers requests. */
export interface Work<Table extends JobTable> {
  /**
   * @throws PortolanError `busy` where the queue is full, `deadline_exceeded` where the answer takes too long, and those of the job
   */
  run<Name extends keyof Table & string>(
    name: Name,
    input: Parameters<Table[Name]>[0],
    options?: JobOptions
  ): Promise<Awaited<ReturnType<Table[Name]>>>
  readonly state: WorkState
  close(): Promise<void>
}

/** For the metrics. */
export interface WorkState {
  readonly threads: number
  readonly running: number
  readonly queued: number
  /** Jobs that had to wait for a thread, since the start. */
  readonly waited: number
  /** Jobs since the start, by what became of them. */
  readonly counts: Readonly<Record<JobOutcome, number>>
}

export const jobOutcomes = ['done', 'refused', 'failed', 'busy', 'deadline', 'abandoned'] as const
export type JobOutcome = (typeof jobOutcomes)[number]

/** An expected failure as it crosses threads, where the class of an error is lost. */
interface JobRefusal {
  readonly code: ErrorCode
  readonly detail: string
  readonly faults: readonly Fault[]
  readonly extra: PortolanError['extra']
}

/** What a thread answers. */
export type JobReply = { readonly value: unknown } | { readonly refusal: JobRefusal } | { readonly crash: string }
