import type { ChildProcess } from 'node:child_process'
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout } from 'node:timers/promises'
import { ask } from './answer.ts'
import { freePort, start, stop } from './child.ts'

export interface Service {
  readonly url: string
  /** Milliseconds from the start of the process until it was ready. */
  readonly readyAfterMs: number
  readonly pid: number
  /** Resident memory of the process. */
  residentBytes(): number
  stop(): Promise<void>
}

const patienceMs = 120_000

/** Starts the built service with its defaults on a store. */
export async function startService(
  databaseUrl: string,
  { core, settings }: { readonly core?: number; readonly settings?: Readonly<Record<string, string>> } = {}
): Promise<Service> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('PORTOLAN_'))
  const environment = {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    PORTOLAN_PORT: String(port),
    PORTOLAN_DATABASE_URL: databaseUrl,
    PORTOLAN_CATALOGUES: '',
    PORTOLAN_RATE_LIMIT: 'off',
    ...settings
  }
  const startedAt = performance.now()
  const child = start([process.execPath, 'dist/main.js'], { environment, ...(core !== undefined && { core }) })
  await ready(child, `${url}/health/ready`, startedAt)
  const readyAfterMs = performance.now() - startedAt
  const pid = child.pid ?? 0
  return { url, readyAfterMs, pid, residentBytes: () => residentBytes(pid), stop: () => stop(child) }
}

/** Waits until a server answers 200. */
export async function ready(child: ChildProcess, url: string, startedAt = performance.now()): Promise<void> {
  while (performance.now() - startedAt < patienceMs) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}`)
    const status = await ask(url).then(
      (answer) => answer.status,
      () => 0
    )
    if (status === 200) return
    await setTimeout(10)
  }
  throw new Error(`${url} was not ready in time`)
}

function residentBytes(pid: number): number {
  const status = `/proc/${pid}/status`
  const found = existsSync(status)
    ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(status, 'utf8'))?.[1]
    : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })
  return Number(found) * 1024
}
