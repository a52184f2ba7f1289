import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { installClientTools, runTool } from './client-tools.ts'

/** Generates three clients from openapi/portolan.json, compiles them, and reads from a service with one of them. */
const document = '../../openapi/portolan.json'
const root = new URL('../', import.meta.url).pathname

installClientTools()
rmSync(new URL('../test/clients/generated', import.meta.url), { recursive: true, force: true })
runTool('openapi-typescript', 'openapi-typescript', document, '--output=generated/openapi-typescript/api.d.ts')
runTool('hey-api', 'openapi-ts', '--input', document, '--output=generated/hey-api', '--client=@hey-api/client-fetch')
runTool('orval', 'orval', '--input', document, '--output=generated/orval/client.ts', '--client=fetch')
runTool('all three compile, strict, on TypeScript 5', 'tsc', '--project', 'tsconfig.json')

const service = start('src/main.ts', {
  PORTOLAN_DATABASE_URL: 'sqlite::memory:',
  PORTOLAN_PORT: '0',
  PORTOLAN_LOG_LEVEL: 'info'
})
try {
  const reads = start('test/clients/reads.ts', { PORTOLAN_URL: await addressOf(service) })
  reads.stdout?.pipe(process.stdout)
  const [code] = await once(reads, 'exit')
  if (code !== 0) process.exitCode = 1
} finally {
  service.kill('SIGTERM')
}

function start(file: string, environment: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, ['--import=tsx', file], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit']
  })
}

/** Where the service listens, once it is ready: the log says so. */
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
