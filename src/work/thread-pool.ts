import { Piscina } from 'piscina'
import { PortolanError } from '../domain/errors.ts'
import { countingOutcomes } from './job-counts.ts'
import { SharedJob } from './shared-job.ts'
import type { JobOptions, JobReply, JobTable, Work, WorkState } from './work.ts'

export interface ThreadPoolOptions {
  /** The module whose `answerJob` a thread runs. */
  readonly script: URL
  /** What each thread is started with: plain data. */
  readonly data: object
  readonly threads: number
  /** How many jobs may wait; one more is refused. */
  readonly queue: number
  readonly deadlineMs: number
  /** The heap of one thread, in MiB: a job that needs more ends, and the process goes on. */
  readonly heapMb: number
}

/** After so long without a job a thread ends: an idle service has none. */
const idleMs = 60_000

/** A bounded pool of worker threads. They start when they are needed, and a job that is given up ends with its thread. */
export class ThreadPool<Table extends JobTable> implements Work<Table> {
  readonly #options: ThreadPoolOptions
  readonly #pool: Piscina<{ readonly name: string; readonly input: unknown }, JobReply>
  readonly #shared = new Map<string, SharedJob<unknown>>()
  readonly #outcomes = countingOutcomes()
  /** Jobs that run or wait. Piscina's own bound counts a thread that is still starting as a free one. */
  #underWay = 0
  #waited = 0

  constructor(options: ThreadPoolOptions) {
    this.#options = options
    this.#pool = new Piscina({
      filename: options.script.href,
      name: 'answerJob',
      workerData: options.data,
      // A thread runs built JavaScript: it needs no loader that the process was started with.
      execArgv: [],
      minThreads: 0,
      maxThreads: options.threads,
      idleTimeout: idleMs,
      concurrentTasksPerWorker: 1,
      resourceLimits: { maxOldGenerationSizeMb: options.heapMb }
    })
  }

  get state(): WorkState {
    return {
      threads: this.#pool.threads.length,
      running: Math.min(this.#underWay, this.#options.threads),
      queued: Math.max(0, this.#underWay - this.#options.threads),
      waited: this.#waited,
      counts: this.#outcomes.counts
    }
  }

  run<Name extends keyof Table & string>(
    name: Name,
    input: Parameters<Table[Name]>[0],
    { signal, deadlineMs = this.#options.deadlineMs, shareAs }: JobOptions = {}
  ): Promise<Awaited<ReturnType<Table[Name]>>> {
    const key = shareAs === undefined ? undefined : `${name}\n${shareAs}`
    const known = key === undefined ? undefined : this.#shared.get(key)
    const job = known ?? this.#start(name, input, deadlineMs, key)
    // The thread runs the job of this name, which answers with this type.
    return job.join(signal) as Promise<Awaited<ReturnType<Table[Name]>>>
  }

  #start(name: string, input: unknown, deadlineMs: number, key: string | undefined): SharedJob<unknown> {
    const job = new SharedJob(deadlineMs, (signal) => this.#answer(name, input, signal))
    if (key === undefined) return job
    this.#shared.set(key, job)
    const forget = () => {
      if (this.#shared.get(key) === job) this.#shared.delete(key)
    }
    // Who asks after the last client has left begins anew.
    job.ended.addEventListener('abort', forget, { once: true })
    job.settled.then(forget, forget)
    return job
  }

  async #answer(name: string, input: unknown, signal: AbortSignal): Promise<unknown> {
    const { threads, queue } = this.#options
    this.#underWay += 1
    try {
      if (this.#underWay > threads + queue)
        throw new PortolanError('busy', 'The service makes as many answers as it can at once. Try again.')
      if (this.#underWay > threads) this.#waited += 1
      const value = answerOf(await this.#pool.run({ name, input }, { signal }))
      this.#outcomes.count('done')
      return value
    } catch (error) {
      const failure = signal.aborted ? signal.reason : this.#failure(error)
      this.#outcomes.countFailure(failure)
      throw failure
    } finally {
      this.#underWay -= 1
    }
  }

  #failure(error: unknown): unknown {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
      return new PortolanError('busy', `The answer needs more than the ${this.#options.heapMb} MiB that it may take.`)
    return error
  }

  async close(): Promise<void> {
    await this.#pool.destroy()
  }
}

function answerOf(reply: JobReply): unknown {
  if ('value' in reply) return reply.value
  if ('crash' in reply) throw new Error(reply.crash)
  const { code, detail, faults, extra } = reply.refusal
  throw new PortolanError(code, detail, { faults, extra })
}
