import { setTimeout as pause } from 'node:timers/promises'
import { threadId, workerData } from 'node:worker_threads'

/** What a thread of the test does, in plain JavaScript, so that it needs no loader. */
const jobs = {
  echo: async (input) => ({ input, threadId, data: workerData }),
  wait: async (ms) => pause(ms, ms),
  /** Keeps its thread busy: only the end of the thread ends it. */
  spin: async () => {
    for (;;);
  },
  refuse: async () => {
    throw Object.assign(new Error('refused'), { isRefusal: true })
  },
  crash: async () => {
    throw new Error('a bug')
  },
  hoard: async () => {
    const kept = []
    for (;;) kept.push(new Array(10_000).fill(kept.length))
  }
}

let runs = 0

export async function answerJob({ name, input }) {
  runs += 1
  try {
    const value = await jobs[name](input)
    return { value: name === 'echo' ? { ...value, runs } : value }
  } catch (error) {
    if (!error.isRefusal) return { crash: error.stack }
    return { refusal: { code: 'guard_rail', detail: error.message, faults: [], extra: { findings: [1] } } }
  }
}
