import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createKey } from '../../../src/catalogue/keys.ts'
import type { KeyScope } from '../../../src/domain/key.ts'
import { openStore } from '../../../src/store/open.ts'
import type { Teardown } from './report.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const main = join(root, 'dist', 'main.js')

/** What a test lets webhooks do: go to this machine, as fast as they can. */
const environment = {
  PORTOLAN_CATALOGUES: '',
  PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
  PORTOLAN_EGRESS_PORTS: '*',
  PORTOLAN_ALLOW_HTTP: 'on',
  PORTOLAN_DELIVERY_RATE: '100000',
  PORTOLAN_RATE_LIMIT: 'off',
  PORTOLAN_LOG_LEVEL: 'error'
}

export interface Process {
  readonly child: ChildProcess
  readonly address: string
  readonly readyMs: number
  /** Sends a signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<number | null>
}

/** Builds what is run, where the sources are newer: they themselves would take seconds to start. */
export function build(): void {
  const newest = Math.max(
    ...readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map(
      (file) => statSync(join(root, 'src', file)).mtimeMs
    )
  )
  if (existsSync(main) && statSync(main).mtimeMs > newest) return
  execFileSync('npm', ['run', 'build'], { cwd: root, stdio: 'pipe' })
  if (!existsSync(main)) throw new Error('there is no dist/main.js')
}

/** A service of the build on a store. `under`: a program that runs it, such as strace. `program`: that of another build. */
export async function startProcess(
  databaseUrl: string,
  more: Readonly<Record<string, string>> = {},
  under: readonly string[] = [],
  program = main
): Promise<Process> {
  const began = performance.now()
  const env = {
    PATH: process.env.PATH ?? '',
    ...environment,
    PORTOLAN_PORT: '0',
    PORTOLAN_DATABASE_URL: databaseUrl,
    ...more
  }
  const [command = process.execPath, ...words] = [...under, process.execPath, program]
  const child = spawn(command, words, { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let text = ''
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString()
      const found = /Portolan listens at (\S+)\//.exec(text)
      if (found?.[1]) resolve(found[1])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    void ended.then((code) => reject(new Error(`the service ended with ${code}: ${text}`)))
  })
  return {
    child,
    address,
    readyMs: Math.round(performance.now() - began),
    async end(signal) {
      child.kill(signal)
      return ended
    }
  }
}

/** A folder that goes with the test. */
export function temporaryFolder(t: Teardown): string {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-reliability-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  return folder
}

/** A key that is written into the store: the header that presents it. */
export async function makeKey(databaseUrl: string, ...scopes: KeyScope[]): Promise<{ readonly authorization: string }> {
  const store = await openStore(databaseUrl)
  const { text } = await createKey({ store, now: () => Date.now(), random: (count) => randomBytes(count) }, { scopes })
  await store.close()
  return { authorization: `Bearer ${text}` }
}
