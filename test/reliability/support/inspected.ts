import { once } from 'node:events'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { WebSocket } from 'ws'
import { freePort } from '../../support/free-port.ts'
import { type Process, startProcess } from './service.ts'

/** What a process holds. Memory is in megabytes. */
interface Held {
  /** In the heap of its main thread, after garbage was collected. */
  readonly used: number
  /** What the system counts, for all of it. */
  readonly resident: number
  /** Files, sockets and whatever else it has open. */
  readonly handles: number
}

export interface Inspected extends Process {
  held(): Promise<Held>
}

const megabyte = 1_048_576

/** A service whose heap can be looked at. Linux only. */
export async function startInspected(databaseUrl: string, more: Readonly<Record<string, string>>): Promise<Inspected> {
  const port = await freePort()
  const service = await startProcess(databaseUrl, { NODE_OPTIONS: `--inspect=127.0.0.1:${port}`, ...more })
  return {
    ...service,
    async held() {
      const used = await usedHeap(port)
      const status = readFileSync(`/proc/${service.child.pid}/status`, 'utf8')
      return {
        used: used / megabyte,
        resident: Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024,
        handles: readdirSync(`/proc/${service.child.pid}/fd`).length
      }
    }
  }
}

interface Target {
  readonly webSocketDebuggerUrl: string
}

async function usedHeap(port: number): Promise<number> {
  // As the documentation of Node.js has it.
  const targets = (await (await fetch(`http://127.0.0.1:${port}/json`)).json()) as readonly Target[]
  const socket = new WebSocket(targets[0]?.webSocketDebuggerUrl ?? '')
  await once(socket, 'open')
  const ask = async (id: number, method: string): Promise<{ readonly usedSize?: number }> => {
    socket.send(JSON.stringify({ id, method }))
    for (;;) {
      const [data] = await once(socket, 'message')
      const said: { readonly id?: number; readonly result?: { readonly usedSize?: number } } = JSON.parse(String(data))
      if (said.id === id) return said.result ?? {}
    }
  }
  // What is freed in the first may keep something else until the second.
  for (const id of [1, 2]) await ask(id, 'HeapProfiler.collectGarbage')
  const { usedSize = Number.NaN } = await ask(3, 'Runtime.getHeapUsage')
  socket.close()
  return usedSize
}

/** In megabytes. */
export function fileSize(path: string): number {
  return statSync(path).size / megabyte
}
