import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { program } from './program.ts'

export interface Service {
  readonly process: ChildProcess
  /** `http://127.0.0.1:PORT` */
  readonly address: string
  /** All that it wrote so far. */
  output(): string
  /** Sends the signal and waits for the end: its exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>
}

/** The service as a process of its own, on a free port; resolves once it is ready. Without a limit of requests, and compiled together with the test, unless it is told otherwise. */
export async function startService(
  environment: Readonly<Record<string, string>>,
  {
    folder = process.cwd(),
    program: words = program('main')
  }: { readonly folder?: string; readonly program?: readonly string[] } = {}
): Promise<Service> {
  const child = spawn(process.execPath, words, {
    cwd: folder,
    env: { PATH: process.env.PATH, PORTOLAN_PORT: '0', PORTOLAN_RATE_LIMIT: 'off', ...environment },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  let text = ''
  const ended = once(child, 'exit')
  const address = await new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      text += chunk.toString()
      const found = /Portolan listens at (\S+)\//.exec(text)
      if (found?.[1]) resolve(found[1])
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    ended.then(([code]) => reject(new Error(`the service ended with ${code}: ${text}`)), reject)
  })
  return {
    process: child,
    address,
    output: () => text,
    async stop(signal = 'SIGTERM') {
      child.kill(signal)
      const [code] = await ended
      return code
    }
  }
}
