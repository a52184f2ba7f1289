import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface LastingThreadOptions<Told> {
  /** The module that the thread runs. It ends when it is asked to `stop`. */
  readonly script: URL
  /** What it is started with: plain data. */
  readonly data: object
  /** Its heap, in MiB, and the part of that for what is young. */
  readonly heapMb: number
  readonly youngMb: number
  readonly onTold: (told: Told) => void
  /** Takes why it ended though nobody asked it to. */
  readonly onCrash: (error: unknown) => void
}

/** How long a thread that ended by itself is left alone: from the first to the last of failures in a row, in milliseconds. */
const [leastPauseMs, mostPauseMs] = [1000, 30_000]
/** A thread that tells nothing for so long does not work, in milliseconds. */
const silenceMs = 10_000

/** A thread that runs until it is closed: if it ends by itself it is started again. What is asked and told are plain data. */
export class LastingThread<Asked, Told> {
  readonly #options: LastingThreadOptions<Told>
  #worker: Worker | undefined
  #timer: NodeJS.Timeout | undefined
  #isClosing = false
  #failuresInRow = 0
  #heardAt = performance.now()
  #restarts = 0

  constructor(options: LastingThreadOptions<Told>) {
    this.#options = options
  }

  /** How often it ended by itself. */
  get restarts(): number {
    return this.#restarts
  }

  /** Whether it has ended by itself, or tells nothing. */
  get isDown(): boolean {
    return this.#worker === undefined || performance.now() - this.#heardAt > silenceMs
  }

  start(): void {
    const { script, data, heapMb, youngMb, onTold } = this.#options
    const resourceLimits = { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: youngMb }
    // A thread runs built JavaScript: it needs no loader that the process was started with.
    const worker = new Worker(script, { workerData: data, execArgv: [], resourceLimits })
    let failure: unknown
    worker.on('message', (told: Told) => {
      this.#heardAt = performance.now()
      this.#failuresInRow = 0
      onTold(told)
    })
    worker.on('error', (error) => {
      failure = error
    })
    worker.on('exit', (code) => {
      this.#worker = undefined
      if (!this.#isClosing) this.#startAgain(failure ?? new Error(`The thread ended with ${code}.`))
    })
    this.#heardAt = performance.now()
    this.#worker = worker
  }

  /** Does nothing while the thread is down: it looks for everything when it starts. */
  ask(asked: Asked | 'stop'): void {
    this.#worker?.postMessage(asked)
  }

  /** Resolves when the thread has ended. */
  async close(): Promise<void> {
    this.#isClosing = true
    clearTimeout(this.#timer)
    const worker = this.#worker
    if (!worker) return
    const ended = once(worker, 'exit')
    this.ask('stop')
    await ended
  }

  #startAgain(failure: unknown): void {
    const pauseMs = Math.min(mostPauseMs, leastPauseMs * 2 ** this.#failuresInRow)
    this.#failuresInRow += 1
    this.#restarts += 1
    this.#options.onCrash(failure)
    this.#timer = setTimeout(() => this.start(), pauseMs)
  }
}
