import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { type Ask, clientOf, drained, subscribe } from './support/client.ts'
import { type Inbox, openInbox } from './support/inbox.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { type Publisher, publishers, publishTurn } from './support/publisher.ts'
import { Failures, missedGoal, percentile, type Reliability, seeded, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'

const receivers = 5

/** Kills the service without warning, again and again, while it takes and sends. */
export const kills: Reliability = {
  name: 'R1',
  title: 'killed under load, SQLite',
  async run(size, rounds = size === 'full' ? 1000 : 12) {
    const t = new Teardown()
    const failures = new Failures()
    const random = seeded(1)
    build()
    const file = join(temporaryFolder(t), 'portolan.db')
    const url = `sqlite:${file}`
    const key = await makeKey(url, 'admin')
    const inboxes = await Promise.all(Array.from({ length: receivers }, openInbox))
    for (const inbox of inboxes) t.teardown(() => inbox.close())
    const crews = publishers(4)
    const ready: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const service = await startProcess(url)
      ready.push(service.readyMs)
      const ask = clientOf(service.address, key)
      if (round === 0) for (const inbox of inboxes) inbox.secrets = [(await subscribe(ask, inbox.url)).secret]
      const state = newRound()
      const work = Promise.all(crews.map((publisher) => publishUntil(state, ask, publisher, failures)))
      // From the first answer and the first delivery on: a busy machine takes a while until there is a load.
      await Promise.race([Promise.all([state.begun, anyMore(inboxes, 20_000)]), pause(20_000)])
      await pause(5 + random() * 395)
      const ended = service.end('SIGKILL')
      state.isOver = true
      await Promise.all([ended, work])
    }
    const service = await startProcess(url)
    const ask = clientOf(service.address, key)
    failures.expect(await drained(ask, 60_000), 'not everything was delivered within a minute')
    failures.expect((await service.end('SIGTERM')) === 0, 'it did not stop gracefully')
    const { revisions, events } = await judgeStore(url, crews, failures)
    judgeFile(file, failures)
    const extra = inboxes.map((inbox) => judgeInbox(inbox, { events, most: rounds }, failures))
    const p99 = percentile(ready, 0.99)
    await t.run()
    return {
      counts: {
        kills: rounds,
        revisions,
        events,
        deliveries: inboxes.reduce((sum, { seqs }) => sum + seqs.length, 0),
        'sent twice': extra.reduce((sum, count) => sum + count, 0),
        'ms to ready, p99': p99
      },
      failures: failures.list,
      missed: missedGoal('ms to ready, p99,', p99, 2000, 'at most')
    }
  }
}

/** Until one of them has received something more, or the time is over. */
async function anyMore(inboxes: readonly Inbox[], ms: number): Promise<void> {
  const end = performance.now() + ms
  const count = () => inboxes.reduce((sum, { seqs }) => sum + seqs.length, 0)
  const before = count()
  while (count() === before && performance.now() < end) await pause(5)
}

interface Round {
  isOver: boolean
  readonly begun: Promise<void>
  begin(): void
}

function newRound(): Round {
  let begin = () => {}
  const begun = new Promise<void>((resolve) => {
    begin = resolve
  })
  return { isOver: false, begun, begin }
}

/** Publishes turn after turn, until the service is killed. */
async function publishUntil(state: Round, ask: Ask, publisher: Publisher, failures: Failures): Promise<void> {
  while (!state.isOver) {
    try {
      if (await publishTurn(ask, publisher, failures)) state.begin()
    } catch {
      // The same turn again in the next round.
      return
    }
  }
}

/** What SQLite itself says of its file. */
function judgeFile(file: string, failures: Failures): void {
  const client = new Database(file, { readonly: true })
  failures.expect(client.pragma('integrity_check', { simple: true }) === 'ok', 'the integrity check of SQLite fails')
  client.close()
}
