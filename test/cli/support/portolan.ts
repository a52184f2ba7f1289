import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { run } from '../../../src/cli/run.ts'
import { program } from '../../support/program.ts'
import { repository } from '../../support/repository.ts'

export const clearswift = 'clearswift-exchange-gateway-4.8'
export const before = `${repository}/catalogues/${clearswift}/1-pre-2.3.yaml`
export const issue = `${repository}/catalogues/${clearswift}/2-2.3.yaml`
/** The last second of the six old mirrors, and the first without them. */
export const lastSecond = '2018-11-21T23:59:59Z'
export const retirement = '2018-11-22T00:00:00Z'
export const mirrors = [
  '184.72.245.1',
  '79.125.8.252',
  '175.41.136.7',
  '174.129.26.118',
  '176.34.251.142',
  '54.254.98.96'
]

export interface Ran {
  readonly code: number
  readonly output: string
  readonly error: string
}

export interface RunOptions {
  /** Path of the SQLite file; absent: a path where none is. */
  readonly store?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly input?: string
  readonly now?: string
  readonly isColoured?: boolean
  readonly ask?: (question: string) => Promise<string>
  readonly isTerminal?: boolean
  readonly isErrorTerminal?: boolean
  /** Close the standard output before anything is written: of a process. */
  readonly isDeaf?: boolean
}

/** Runs the command line in this process. */
export async function portolan(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  let [output, error] = ['', '']
  const code = await run(argv, {
    environment: environmentOf(options),
    input: Readable.from([Buffer.from(options.input ?? '')]),
    isColoured: options.isColoured ?? false,
    ...(options.ask && { ask: options.ask }),
    isTerminal: options.isTerminal ?? false,
    isErrorTerminal: options.isErrorTerminal ?? false,
    now: () => Date.parse(options.now ?? '2026-11-24T12:00:00Z'),
    output: (content) => {
      output += typeof content === 'string' ? content : Buffer.from(content).toString('utf8')
    },
    error: (text) => {
      error += text
    },
    serve: async (variables) => {
      output += `The service starts with ${JSON.stringify(variables)}.\n`
    }
  })
  return { code, output, error }
}

/** Runs it as a process of its own. */
export async function portolanProcess(argv: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { PATH = '' } = process.env
  const env = { PATH, ...environmentOf(options) }
  const child = spawn(process.execPath, [...program('cli'), ...argv], { env })
  let [output, error] = ['', '']
  if (options.isDeaf) child.stdout.destroy()
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    error += text
  })
  child.stdin.on('error', () => {}).end(options.input ?? '')
  const code = await new Promise<number>((resolve) => child.on('close', (status) => resolve(status ?? -1)))
  return { code, output, error }
}

function environmentOf({ store = '/nonexistent/portolan.db', environment }: RunOptions): Record<string, string> {
  return { PORTOLAN_DATABASE_URL: `sqlite:${store}`, ...environment }
}

interface Test {
  teardown(done: () => void): void
}

/** A path in a folder that goes with the test. */
export function temporary(t: Test, name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-cli-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
  return join(folder, name)
}

/** A store with both revisions of the first catalogue, published by the command line. */
export async function seeded(t: Test): Promise<string> {
  const store = temporary(t, 'portolan.db')
  for (const file of [before, issue]) {
    const { code, error } = await portolan(['publish', file], { store })
    if (code !== 0) throw new Error(error)
  }
  return store
}
