import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'

/** The folder of the repository. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Whether a program is installed. */
export function hasProgram(name: string): boolean {
  return spawnSync(name, ['--version'], { stdio: 'ignore' }).error === undefined
}

const canPin = availableParallelism() > 1 && hasProgram('taskset')

/** The command, run on one core if the system has `taskset`. */
export function pinToCore(core: number | undefined, command: readonly string[]): readonly string[] {
  return core === undefined || !canPin ? command : ['taskset', '-c', String(core), ...command]
}

const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Starts a program that ends with this process at the latest. Its stderr is printed. */
export function start(
  command: readonly string[],
  options: {
    readonly core?: number
    readonly environment?: NodeJS.ProcessEnv
    readonly stdout?: 'ignore' | 'pipe'
  } = {}
): ChildProcess {
  const [program = '', ...rest] = pinToCore(options.core, command)
  const child = spawn(program, rest, {
    cwd: root,
    env: options.environment ?? process.env,
    stdio: ['ignore', options.stdout ?? 'ignore', 'inherit']
  })
  running.add(child)
  child.once('exit', () => running.delete(child))
  return child
}

/** Runs a program. @returns its stdout @throws if it fails */
export async function output(command: readonly string[], options: { readonly core?: number } = {}): Promise<string> {
  const child = start(command, { ...options, stdout: 'pipe' })
  const parts: Buffer[] = []
  child.stdout?.on('data', (part: Buffer) => parts.push(part))
  const [code] = await once(child, 'close')
  if (code !== 0) throw new Error(`${command.join(' ')} ended with ${code}`)
  return Buffer.concat(parts).toString('utf8')
}

export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  await ended
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}
