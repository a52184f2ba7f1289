import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'

/** A stop that takes longer has failed. In milliseconds: containers are killed after ten seconds. */
const stopMs = 9000
/** How long what is under way has to come to an end before the connections to the store are ended. */
const orderlyMs = 5000

export interface StopOptions {
  readonly log: Pick<Logger, 'info'>
  /** How long answers go on, in milliseconds. A second signal ends that. */
  readonly delayMs: number
  /** The process asks to be sent nothing more. */
  readonly drain: () => void
  /** Ends what the process does. */
  readonly end: () => Promise<void>
  /** Ends the connections to the store. */
  readonly close: () => Promise<void>
  readonly exit: (code: number) => void
}

/** Ends the process, with exit code 0, when it is told to by SIGTERM or SIGINT. */
export function stopOnSignals({ log, delayMs, drain, end, close, exit }: StopOptions): void {
  const hurry = new AbortController()
  let isStopping = false
  const stop = async (signal: string) => {
    if (isStopping) return hurry.abort()
    isStopping = true
    log.info({ signal, delayMs }, 'stopping')
    drain()
    await pause(delayMs, undefined, { signal: hurry.signal }).catch(() => {})
    setTimeout(() => exit(1), stopMs).unref()
    // What waits for a store that does not answer ends with its connections.
    await Promise.race([end(), pause(orderlyMs)])
    await close()
    exit(0)
  }
  process.on('SIGTERM', (signal) => void stop(signal))
  process.on('SIGINT', (signal) => void stop(signal))
}
