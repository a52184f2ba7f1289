import pc from 'picocolors'
import { run } from './cli/run.ts'

/** The reader of a pipe may stop early, as `head` does. A command that writes to the store finishes nevertheless. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

// Picocolors by itself would also colour output that a CI job writes to a file.
const isColoured = pc.isColorSupported && (process.stdout.isTTY === true || process.env.FORCE_COLOR !== undefined)

async function ask(question: string): Promise<string> {
  const { createInterface } = await import('node:readline/promises')
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return await terminal.question(question)
  } finally {
    terminal.close()
  }
}

// `process.exit` would lose what was written to a pipe and has not arrived yet.
process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  input: process.stdin,
  isColoured,
  isTerminal: process.stdout.isTTY === true && process.stderr.isTTY === true,
  isErrorTerminal: process.stderr.isTTY === true,
  now: () => Date.now(),
  ...(process.stdin.isTTY === true && process.stdout.isTTY === true && { ask }),
  output: (content) => process.stdout.write(content),
  error: (text) => process.stderr.write(text),
  // The service is loaded only where it runs.
  serve: (variables) => {
    Object.assign(process.env, variables)
    return import('./main.ts')
  }
})
