import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export interface Memory {
  /** What is in use after garbage was collected, in the heap and outside: the same run gives the same. */
  readonly used: number
  /** What the system counts, with what an allocator keeps for later. */
  readonly resident: number
}

const megabyte = 1_048_576

/** In megabytes. */
export function memory(): Memory {
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  // What is freed in the first may keep something else until the second.
  collect()
  collect()
  const { heapUsed, external, rss } = process.memoryUsage()
  return { used: (heapUsed + external) / megabyte, resident: rss / megabyte }
}
