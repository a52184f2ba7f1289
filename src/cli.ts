import pc from 'picocolors'
import { run } from './cli/run.ts'

/** Who reads us may stop early, as `head` does. A command that writes to the store still finishes. */
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

// Picocolors alone would colour the files of a CI job too.
const isColoured = pc.isColorSupported && (process.stdout.isTTY === true || process.env.FORCE_COLOR !== undefined)

// Not `process.exit`: what was written to a pipe must get there first.
process.exitCode = await run(process.argv.slice(2), {
  environment: process.env,
  input: process.stdin,
  isColoured,
  now: () => Date.now(),
  output: (content) => process.stdout.write(content),
  error: (text) => process.stderr.write(text)
})
