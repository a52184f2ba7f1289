import { setTimeout } from 'node:timers/promises'
import { cacheChecks } from './caches.ts'
import type { Check } from './check.ts'
import { compilerChecks } from './compilers.ts'
import { federationChecks } from './federation.ts'
import { httpChecks } from './http.ts'
import { persistedChecks } from './persisted.ts'
import { releaseChecks } from './releases.ts'
import { socketChecks } from './sockets.ts'
import { streamChecks } from './streams.ts'

/** Prints the table of all checks, a line each, and ends with 1 where one fails. */
const service = process.env.PORTOLAN_URL
if (service === undefined) throw new Error('PORTOLAN_URL says where the service is')

let [passed, failed] = [0, 0]

async function run(checks: readonly Check[]): Promise<void> {
  for (const { of, says, run } of checks) {
    const start = Date.now()
    try {
      await Promise.race([run(), tooLate()])
      passed += 1
      process.stdout.write(`ok    ${of.padEnd(26)}${says} (${Date.now() - start} ms)\n`)
    } catch (error) {
      failed += 1
      process.stdout.write(`FAIL  ${of.padEnd(26)}${says}\n${error instanceof Error ? error.message : String(error)}\n`)
    }
  }
}

/** A server that never answers fails its check. */
async function tooLate(): Promise<never> {
  await setTimeout(60_000, undefined, { ref: false })
  throw new Error('It took more than a minute.')
}

await run(httpChecks(service))
await run(socketChecks(service))
await run(streamChecks(service))
await run(compilerChecks())
// It imports what the compilers wrote.
const { readChecks } = await import('./reads.ts')
await run(readChecks(service))
await run(cacheChecks(service))
await run(persistedChecks(service))
await run(federationChecks(service))
await run(releaseChecks())

process.stdout.write(`${passed} passed, ${failed} failed\n`)
// What failed may have left a connection open.
if (failed > 0) process.exit(1)
