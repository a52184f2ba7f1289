import type { Config } from './config/config.ts'
import type { ThreadData, ThreadJobs } from './thread.ts'
import { ThreadPool } from './work/thread-pool.ts'
import type { Work } from './work/work.ts'

/** How many jobs may wait for a thread. */
const queue = 64
/** The heap of a thread, in MiB: what the largest documents need, and no more than its share of half of the memory. */
const [leastHeap, mostHeap] = [128, 1024]

type ThreadConfig = Pick<Config, 'threads' | 'databaseUrl'>

/**
 * Whether the service runs threads beside the loop: not where none are wanted, where the database is in memory, which only its own thread
 * sees, and where it runs from TypeScript, which Node 20 loads in no thread.
 */
export function runsThreads({ threads, databaseUrl }: ThreadConfig): boolean {
  return threads > 0 && databaseUrl !== 'sqlite::memory:' && import.meta.url.endsWith('.js')
}

/** The heap that one thread may have, in MiB. */
export function heapOf({ threads }: ThreadConfig): number {
  const share = process.constrainedMemory() / 2 / threads / 1_048_576
  return share > 0 ? Math.round(Math.min(mostHeap, Math.max(leastHeap, share))) : mostHeap
}

/** The threads that costly answers are made in; undefined where no threads run. */
export function openThreads(data: ThreadData): Work<ThreadJobs> | undefined {
  const { config } = data
  if (!runsThreads(config)) return undefined
  return new ThreadPool<ThreadJobs>({
    script: new URL('./thread.js', import.meta.url),
    data,
    threads: config.threads,
    queue,
    deadlineMs: config.deadlineSeconds * 1000,
    heapMb: heapOf(config)
  })
}
