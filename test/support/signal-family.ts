import { readFileSync } from 'node:fs'

/** Sends a signal to a process, and then to those that it started. Linux only. */
export function signalFamily(pid: number, signal: NodeJS.Signals): void {
  // The first one starts the others. Stopped, it starts no more of them meanwhile.
  process.kill(pid, signal)
  for (const child of readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').map(Number))
    if (child > 0) process.kill(child, signal)
}
