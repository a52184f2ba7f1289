import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

const root = new URL('../', import.meta.url).pathname

/** Runs a script against a service from source on a store in memory. The script finds it by `PORTOLAN_URL`. The process fails if the script does. */
export async function runWithService(file: string, environment: Readonly<Record<string, string>> = {}): Promise<void> {
  const service = start('src/main.ts', {
    PORTOLAN_DATABASE_URL: 'sqlite::memory:',
    PORTOLAN_PORT: '0',
    PORTOLAN_RATE_LIMIT: 'off',
    PORTOLAN_LOG_LEVEL: 'info',
    ...environment
  })
  try {
    const reads = start(file, { PORTOLAN_URL: await addressOf(service) })
    reads.stdout?.pipe(process.stdout)
    const [code] = await once(reads, 'exit')
    if (code !== 0) process.exitCode = 1
  } finally {
    service.kill('SIGTERM')
  }
}

function start(file: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--import=tsx', file], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit']
  })
}

/** The address of the service, from the line of its log that says that it is ready. */
async function addressOf({ stdout }: ChildProcess): Promise<string> {
  if (!stdout) throw new Error('the service has no output')
  for await (const line of createInterface({ input: stdout })) {
    if (!line.startsWith('{')) continue
    const { msg, address }: { readonly msg?: string; readonly address?: string } = JSON.parse(line)
    if (msg === 'ready' && address !== undefined) {
      stdout.resume()
      return address
    }
  }
  throw new Error('the service ended before it was ready')
}
