import { fork } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { PortolanError } from '../../src/domain/errors.ts'
import { documentDigest } from '../../src/domain/history/digest.ts'
import { verify } from '../../src/store/integrity/verify.ts'
import { openStore } from '../../src/store/open.ts'
import { withEngineOf } from '../../src/store/open-engine.ts'
import { writeHistory } from '../store/support/written-history.ts'
import { Failures, type Reliability, seeded, Teardown } from './support/report.ts'
import { temporaryFolder } from './support/service.ts'

const catalogues = ['busy', 'gateway', 'relay']

/** What `writeHistory` leaves in the file itself, without the events of the clock. */
const fewest = 8

/**
 * The write-ahead log that a killed process leaves is cut, or a bit in it is flipped. What is opened then is what was acknowledged up to some
 * moment, whole, or the store says that it is damaged, and `verify` says the same.
 */
export const damagedWal: Reliability = {
  name: 'R4',
  title: 'the write-ahead log is cut, or flipped',
  async run(size) {
    const t = new Teardown()
    const failures = new Failures()
    const cases = size === 'full' ? 2000 : 100
    const random = seeded(4)
    const folder = temporaryFolder(t)
    const path = join(folder, 'portolan.db')
    await writeHistory(`sqlite:${path}`)
    const acknowledged = await publishAndDie(path, size === 'full' ? 40 : 12)
    const places = [leave(path, join(folder, 'killed.db'), false), leave(path, join(folder, 'written-back.db'), true)]
    const whole = await historyOf(path)
    failures.expect(
      whole.revisions.length >= fewest + acknowledged,
      `of ${acknowledged} revisions that were acknowledged ${whole.revisions.length - fewest} are there`
    )
    const counts = { whole: 0, shorter: 0, refused: 0 }
    for (let round = 0; round < cases; round += 1) {
      const left = places[round % 2] ?? path
      const wal = damaged(readFileSync(`${left}-wal`), round % 4 < 2 ? 'cut' : 'flip', random)
      const file = join(folder, 'case.db')
      for (const suffix of ['-wal', '-shm']) rmSync(file + suffix, { force: true })
      copyFileSync(left, file)
      copyFileSync(`${path}.key`, `${file}.key`)
      writeFileSync(`${file}-wal`, wal)
      const found = await outcomeOf(() => historyOf(file))
      const proof = await outcomeOf(() => withEngineOf({ url: `sqlite:${file}`, keys: [] }, verify))
      const name = `case ${round}`
      if ('refusal' in found) {
        counts.refused += 1
        failures.expect(found.refusal.startsWith('store_damaged'), `${name}: ${found.refusal}`)
        failures.expect('refusal' in proof, `${name}: it is not opened, and verify finds nothing`)
      } else {
        const fault = faultOf(found.answer, whole)
        const isWhole = found.answer.events.length === whole.events.length
        counts[isWhole ? 'whole' : 'shorter'] += 1
        failures.expect(fault === undefined, `${name}: ${fault}`)
        failures.expect('answer' in proof, `${name}: verify says ${'refusal' in proof && proof.refusal}`)
      }
    }
    await t.run()
    return { counts: { cases, acknowledged, ...counts }, failures: failures.list }
  }
}

/** A process publishes, and is killed in the middle of it. @returns how many revisions were acknowledged */
async function publishAndDie(path: string, revisions: number): Promise<number> {
  const script = fileURLToPath(new URL('../store/backup/support/publisher-process.js', import.meta.url))
  const publisher = fork(script, [`sqlite:${path}`])
  let turn = 0
  // Our own script tells numbers.
  while (turn < revisions) turn = Number((await once(publisher, 'message'))[0])
  publisher.kill('SIGKILL')
  await once(publisher, 'exit')
  return turn
}

/** Copies what the process left, as it is or after it was written back into the file, which leaves the log where it is. */
function leave(path: string, to: string, isWrittenBack: boolean): string {
  // The last one that closes a database writes its log back and removes it.
  const client = isWrittenBack ? new Database(path) : undefined
  client?.pragma('wal_checkpoint(PASSIVE)')
  copyFileSync(path, to)
  copyFileSync(`${path}-wal`, `${to}-wal`)
  client?.close()
  return to
}

function damaged(wal: Buffer, how: 'cut' | 'flip', random: () => number): Buffer {
  const place = Math.floor(random() * wal.length)
  if (how === 'cut') return wal.subarray(0, place)
  const bytes = Buffer.from(wal)
  bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8))
  return bytes
}

/** All that a store says of its past, each part in its order. */
interface History {
  readonly revisions: readonly string[]
  readonly events: readonly string[]
}

/** Reads all revisions and events, and each document whole. */
async function historyOf(path: string): Promise<History> {
  const store = await openStore(`sqlite:${path}`)
  try {
    const revisions: { readonly seq: number; readonly text: string }[] = []
    for (const catalogue of catalogues)
      for (const { number, chain, digest, seq } of await store.revisions(catalogue, { from: 1e6, limit: 1e6 })) {
        const own = documentDigest(await store.document(catalogue, number))
        revisions.push({
          seq,
          text: own === digest ? `${catalogue} ${number} ${chain}` : `${catalogue} ${number} with other content`
        })
      }
    const events = await store.events({ after: 0, limit: 1e6 })
    return {
      revisions: revisions.sort((a, b) => a.seq - b.seq).map(({ text }) => text),
      events: events.map((event) => JSON.stringify(event))
    }
  } finally {
    await store.close()
  }
}

type Ended<Answer> = { readonly answer: Answer } | { readonly refusal: string }

async function outcomeOf<Answer>(run: () => Promise<Answer>): Promise<Ended<Answer>> {
  try {
    return { answer: await run() }
  } catch (error) {
    return { refusal: error instanceof PortolanError ? `${error.code}: ${error.message}` : `no refusal: ${error}` }
  }
}

/** What of a history is not as it once was. */
function faultOf(found: History, whole: History): string | undefined {
  for (const part of ['revisions', 'events'] as const) {
    const wrong = found[part].findIndex((text, index) => text !== whole[part][index])
    if (wrong !== -1) return `${part} have ${found[part][wrong]} in place ${wrong}, and not ${whole[part][wrong]}`
  }
  const published = found.events.filter((text) => /catalogue\.(created|revision_published)/.test(text)).length
  return published === found.revisions.length
    ? undefined
    : `${published} publishes for ${found.revisions.length} revisions`
}
