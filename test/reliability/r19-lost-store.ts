import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { startRelay } from '../replicas/support/relay.ts'
import { eventually } from '../support/eventually.ts'
import { startOwnPostgres } from '../support/postgres.ts'
import { type Ask, clientOf, documentOf, drained, subscribe } from './support/client.ts'
import { openInbox } from './support/inbox.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { type Publisher, publishers, publishOn, publishTurn } from './support/publisher.ts'
import { Failures, type Reliability, type Size, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'
import { type StoreFault, storeFaults } from './support/store-faults.ts'

/** What no machine needs, however busy it is. */
const patienceSeconds = 300

/**
 * The store is locked, frozen, restarted, out of reach or out of connections. What a process has in memory it goes on to answer, what it cannot
 * do is 503 with `Retry-After`, its readiness tells the truth, and it goes on by itself when the store is back.
 */
export const lostStore: Reliability = {
  name: 'R19',
  title: 'the store is locked, frozen, restarted and out of reach',
  async run(size) {
    if (process.platform !== 'linux')
      return { counts: {}, failures: [], skipped: 'only Linux lists the processes of PostgreSQL' }
    const t = new Teardown()
    const failures = new Failures()
    build()
    const counts = await Promise.all([onPostgres(t, size, failures), onSqlite(t, failures)])
    await t.run()
    return { counts: Object.assign({}, ...counts), failures: failures.list }
  }
}

async function onPostgres(t: Teardown, size: Size, failures: Failures): Promise<Readonly<Record<string, number>>> {
  const server = await startOwnPostgres()
  t.teardown(() => server.stop())
  const url = await server.database()
  const relay = await startRelay({ teardown: (close) => t.teardown(close) }, url)
  const key = await makeKey(url, 'admin')
  const near = await startProcess(url)
  const far = await startProcess(relay.url, { PORTOLAN_ROLE: 'web' })
  for (const process of [near, far]) t.teardown(async () => void (await process.end('SIGKILL')))
  const asks = [clientOf(near.address, key), clientOf(far.address, key)] as const
  const inbox = await openInbox()
  t.teardown(() => inbox.close())
  inbox.secrets = [(await subscribe(asks[0], inbox.url)).secret]
  const crews = publishers(4)
  const [quiet, moving, ...others] = crews
  if (!quiet || !moving) throw new Error('there are publishers')
  await publishTurn(asks[0], quiet, failures)
  const counts = { faults: 0, 'told as not ready': 0, 'reads from memory': 0 }
  for (let round = 0; round < (size === 'full' ? 10 : 1); round += 1)
    for (const fault of storeFaults({ server, url, relay })) {
      const seen = await suffer(fault, { asks, quiet, crews: [moving, ...others] }, failures)
      counts.faults += 1
      counts['told as not ready'] += fault.readiness.filter((told) => told === 'lost').length
      counts['reads from memory'] += seen
    }
  failures.expect(await drained(asks[0], patienceSeconds * 1000), 'not everything was delivered')
  for (const process of [far, near])
    failures.expect((await process.end('SIGTERM')) === 0, 'one did not stop gracefully')
  const { revisions, events } = await judgeStore(url, crews, failures)
  judgeInbox(inbox, { events, most: inbox.seqs.length }, failures)
  return { ...counts, revisions, events, deliveries: inbox.seqs.length }
}

interface Suffering {
  readonly asks: readonly [Ask, Ask]
  /** Nobody publishes it any more. */
  readonly quiet: Publisher
  readonly crews: readonly Publisher[]
}

/** @returns how often what is in memory was read while the fault lasted */
async function suffer(fault: StoreFault, { asks, quiet, crews }: Suffering, failures: Failures): Promise<number> {
  const wrong = (reason: string) => failures.expect(false, `${fault.name}: ${reason}`)
  const [first] = crews
  const ready = async (ask: Ask) => (await ask('GET', '/health/ready')).status
  const come = (what: string, holds: () => Promise<boolean>) =>
    eventually(what, async () => failures.list.length > 0 || holds(), patienceSeconds).catch((error) =>
      wrong(String(error))
    )
  // In memory from now on.
  for (const ask of asks) await come('it is read', async () => (await ask('GET', pathOf(quiet))).status === 200)
  let [isOver, reads] = [false, 0]
  const reading = asks.map(async (ask) => {
    while (!isOver) {
      const kept = await ask('GET', pathOf(quiet))
      if (kept.status !== 200 || kept.body.title !== 'Turn 1') wrong(`what is in memory was answered ${kept.status}`)
      reads += 1
      await pause(50)
    }
  })
  const asking = asks.map(async (ask) => {
    while (!isOver && first) {
      const { status, retryAfter, body } = await ask('GET', pathOf(first))
      if (status !== 200 && status !== 404 && (status !== 503 || retryAfter === undefined))
        wrong(`a read was answered ${status} ${body.code}`)
      await pause(50)
    }
  })
  const publishing = crews.map((crew) => publishOn(crew, { client: () => asks[0], isOver: () => isOver }, failures))
  await fault.begin()
  if (fault.holdMs !== undefined) await pause(fault.holdMs)
  for (const told of ['lost', 'ready'] as const)
    for (const [index, ask] of asks.entries())
      if (fault.readiness[index] === told)
        await come(`process ${index} is ${told}`, async () => (await ready(ask)) === (told === 'lost' ? 503 : 200))
  await fault.end()
  for (const [index, ask] of asks.entries())
    await come(`process ${index} is ready again`, async () => (await ready(ask)) === 200)
  isOver = true
  await Promise.all([...reading, ...asking, ...publishing])
  for (const [index, ask] of asks.entries()) {
    for (const crew of crews) await come(`process ${index} publishes again`, () => publishTurn(ask, crew, failures))
    for (const crew of crews)
      for (const reader of asks)
        await come('both have the newest revision', async () => {
          const { body } = await reader('GET', pathOf(crew))
          return body.title === `Turn ${crew.turn - 1}`
        })
  }
  return reads
}

function pathOf({ catalogue }: Publisher): string {
  return `/v1/catalogues/${catalogue}/document`
}

/** Another process writes, and does not come to an end. */
async function onSqlite(t: Teardown, failures: Failures): Promise<Readonly<Record<string, number>>> {
  const file = join(temporaryFolder(t), 'portolan.db')
  const key = await makeKey(`sqlite:${file}`, 'admin')
  const service = await startProcess(`sqlite:${file}`)
  t.teardown(async () => void (await service.end('SIGKILL')))
  const ask = clientOf(service.address, key)
  const [path, ifNew] = ['/v1/catalogues/a/document', { 'if-none-match': '*' }]
  failures.expect((await ask('PUT', path, documentOf('a', 1), ifNew)).status === 201, 'SQLite: nothing is published')
  const holder = new Database(file)
  holder.exec('begin immediate')
  const refused = await ask('PUT', path, documentOf('a', 2), { 'if-match': '*' })
  failures.expect(
    refused.status === 503 && refused.retryAfter !== undefined,
    `SQLite is locked: a publish was answered ${refused.status}`
  )
  const { status, body } = await ask('GET', path)
  failures.expect(status === 200 && body.title === 'Turn 1', `SQLite is locked: a read was answered ${status}`)
  // Reads go on, so it is ready.
  await eventually('it is ready', async () => (await ask('GET', '/health/ready')).status === 200, patienceSeconds)
  holder.exec('rollback')
  holder.close()
  const again = await ask('PUT', path, documentOf('a', 2), { 'if-match': '*' })
  failures.expect(again.status === 201, `SQLite is free again: a publish was answered ${again.status}`)
  failures.expect((await service.end('SIGTERM')) === 0, 'SQLite: it did not stop gracefully')
  return { 'refused by SQLite': 1 }
}
