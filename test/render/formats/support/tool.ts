import { spawn } from 'node:child_process'
import { accessSync, constants, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'

interface Test {
  teardown(close: () => void): void
  comment(text: string): void
}

/**
 * Tests of real tools call it first: `t.test(name, { skip: missing('nft', 'unshare') }, …)` skips visibly, with the reason. With
 * `PORTOLAN_TEST_TOOLS=none` every tool is missing.
 */
export function missing(...tools: readonly string[]): string | false {
  if (process.env.PORTOLAN_TEST_TOOLS === 'none') return 'PORTOLAN_TEST_TOOLS=none'
  const absent = tools.filter((tool) => pathOf(tool) === undefined)
  return absent.length > 0 && `not on this machine: ${absent.join(', ')}`
}

/** Debian's own tools first: a language's version manager may have put an older one of the same name before them. */
const folders = ['/usr/sbin', '/usr/bin', '/sbin', '/bin', ...(process.env.PATH ?? '').split(delimiter)]

export function pathOf(tool: string): string | undefined {
  return folders.map((folder) => join(folder, tool)).find(isExecutable)
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** A folder that goes with the test, with these files in it. */
export function folder(t: Test, files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const path = mkdtempSync(join(tmpdir(), 'portolan-export-'))
  // What a script started may write for a while after it.
  t.teardown(() => rmSync(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 500 }))
  for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
  return path
}

export interface RunOptions {
  readonly input?: string
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds after which it is killed. */
  readonly timeout?: number
}

/** Runs a program to its end; code 127 where it is not there, 137 where it was killed. */
export function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const { input = '', cwd, env = {}, timeout = 60_000 } = options
  return new Promise((resolve) => {
    const child = spawn(pathOf(command) ?? command, args, {
      ...(cwd !== undefined && { cwd }),
      env: { ...process.env, PATH: folders.join(delimiter), LC_ALL: 'C.UTF-8', ...env },
      timeout,
      killSignal: 'SIGKILL'
    })
    const out: Buffer[] = []
    const err: Buffer[] = []
    child.stdout.on('data', (chunk) => out.push(chunk))
    child.stderr.on('data', (chunk) => err.push(chunk))
    child.on('error', (error) => resolve({ code: 127, stdout: '', stderr: String(error) }))
    child.on('close', (code) =>
      resolve({ code: code ?? 137, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() })
    )
    // A tool that refuses early closes its input.
    child.stdin.on('error', () => undefined)
    child.stdin.end(input)
  })
}

/** Runs a shell script in a network namespace of its own, with loopback up: nothing of it reaches the machine. */
export function inNamespace(script: string, options: RunOptions = {}): Promise<Outcome> {
  const user = process.getuid?.() === 0 ? [] : ['-r']
  // Without --norc, bash may take the socket that is its input for a remote shell, and read a file that `-u` does not survive.
  return run(
    'unshare',
    [...user, '-n', 'bash', '--norc', '-eu', '-o', 'pipefail', '-c', `ip link set lo up\n${script}`],
    options
  )
}
