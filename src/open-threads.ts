import type { ForwardJobs } from './http/forward/forwarded.ts'
import type { ThreadData } from './thread.ts'
import { ThreadPool } from './work/thread-pool.ts'
import type { Work } from './work/work.ts'

/** How many jobs may wait for a thread. */
const queue = 64
/** The heap of a thread, in MiB: what the largest documents need, and no more than its share of half of the memory. */
const [leastHeap, mostHeap] = [128, 1024]

/**
 * The threads that costly answers are made in. There are none where none are wanted, where the database is in memory, which only its own
 * thread sees, and where the service runs from TypeScript, which Node 20 loads in no thread.
 */
export function openThreads(data: ThreadData): Work<ForwardJobs> | undefined {
  const { threads, databaseUrl, deadlineSeconds } = data.config
  if (threads === 0 || databaseUrl === 'sqlite::memory:' || !import.meta.url.endsWith('.js')) return undefined
  const share = process.constrainedMemory() / 2 / threads / 1_048_576
  return new ThreadPool<ForwardJobs>({
    script: new URL('./thread.js', import.meta.url),
    data,
    threads,
    queue,
    deadlineMs: deadlineSeconds * 1000,
    heapMb: share > 0 ? Math.round(Math.min(mostHeap, Math.max(leastHeap, share))) : mostHeap
  })
}
