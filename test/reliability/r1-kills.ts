import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { chainLink } from '../../src/domain/history/digest.ts'
import { openStore } from '../../src/store/open.ts'
import { type Ask, clientOf, documentOf, drained, subscribe } from './support/client.ts'
import { firstComings, type Inbox, isAscending, openInbox } from './support/inbox.ts'
import { Failures, missedGoal, percentile, type Reliability, seeded, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'

const publishers = 4
const receivers = 5

/** The last turn that a publisher knows of, and the one that it is at: it repeats a turn until somebody says that it is there. */
interface Publisher {
  readonly catalogue: string
  turn: number
  etag: string | undefined
  readonly acknowledged: number[]
}

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
    const crews = Array.from({ length: publishers }, (_, index): Publisher => {
      return { catalogue: `catalogue-${index}`, turn: 1, etag: undefined, acknowledged: [] }
    })
    const ready: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const service = await startProcess(url)
      ready.push(service.readyMs)
      const ask = clientOf(service.address, key)
      if (round === 0) for (const inbox of inboxes) inbox.secrets = [(await subscribe(ask, inbox.url)).secret]
      const state = newRound()
      const work = Promise.all(crews.map((publisher) => publishUntil(state, ask, publisher, failures)))
      // From the first answer on: a busy machine takes a while until there is a load.
      await Promise.race([state.begun, pause(20_000)])
      await pause(5 + random() * 395)
      const ended = service.end('SIGKILL')
      state.isOver = true
      await Promise.all([ended, work])
    }
    const service = await startProcess(url)
    const ask = clientOf(service.address, key)
    failures.expect(await drained(ask, 60_000), 'not everything was delivered within a minute')
    failures.expect((await service.end('SIGTERM')) === 0, 'it did not stop gracefully')
    const { revisions, events } = await judgeStore(url, file, crews, failures)
    const extra = inboxes.map((inbox) => judgeInbox(inbox, events, rounds, failures))
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

/** Publishes turn after turn. Whatever is lost on the way is sent again with the same content, which is safe. */
async function publishUntil(state: Round, ask: Ask, publisher: Publisher, failures: Failures): Promise<void> {
  const { catalogue } = publisher
  while (!state.isOver) {
    const precondition: Record<string, string> =
      publisher.etag === undefined ? { 'if-none-match': '*' } : { 'if-match': publisher.etag }
    try {
      const path = `/v1/catalogues/${catalogue}/document`
      const { status, etag } = await ask('PUT', path, documentOf(catalogue, publisher.turn), precondition)
      if (status === 200 || status === 201) {
        publisher.acknowledged.push(publisher.turn)
        state.begin()
        publisher.turn += 1
        publisher.etag = etag
      } else if (!state.isOver)
        failures.expect(status === 503, `${catalogue} turn ${publisher.turn} was answered ${status}`)
    } catch {
      // The service was killed: the same turn again.
      return
    }
  }
}

async function judgeStore(
  url: string,
  file: string,
  crews: readonly Publisher[],
  failures: Failures
): Promise<{ readonly revisions: number; readonly events: number }> {
  const client = new Database(file, { readonly: true })
  failures.expect(client.pragma('integrity_check', { simple: true }) === 'ok', 'the integrity check of SQLite fails')
  client.close()
  const store = await openStore(url)
  let revisions = 0
  for (const { catalogue, acknowledged } of crews) {
    const all = [...(await store.revisions(catalogue, { from: 1_000_000, limit: 1_000_000 }))].reverse()
    revisions += all.length
    const labels = all.map(({ label }) => Number(label))
    failures.expect(
      labels.every((label, index) => label === index + 1),
      `${catalogue} has the turns ${labels.join(' ')}`
    )
    failures.expect(
      acknowledged.every((turn) => labels.includes(turn)),
      `${catalogue} lost a turn that was acknowledged`
    )
    let previous: string | undefined
    for (const { chain, counts: _, transitions: __, seq: ___, ...facts } of all) {
      failures.expect(chainLink(previous, facts) === chain, `${catalogue} ${facts.number} breaks the chain`)
      previous = chain
    }
  }
  const seqs = (await store.events({ after: 0, limit: 1_000_000 })).map(({ seq }) => seq)
  failures.expect(
    seqs.every((seq, index) => seq === index + 1),
    'the log has a gap'
  )
  failures.expect(seqs.length === revisions, `${seqs.length} events for ${revisions} revisions`)
  await store.close()
  return { revisions, events: seqs.length }
}

/** How many events came more than once. */
function judgeInbox({ url, seqs, faults }: Inbox, events: number, kills: number, failures: Failures): number {
  const first = firstComings(seqs)
  failures.expect(first.length === events, `${url} got ${first.length} of ${events} events`)
  failures.expect(isAscending(first), `${url} got events out of order`)
  failures.expect(
    seqs.length - first.length <= kills,
    `${url} got ${seqs.length - first.length} events twice at ${kills} kills`
  )
  failures.expect(faults.length === 0, `${url}: ${faults[0]}`)
  return seqs.length - first.length
}
