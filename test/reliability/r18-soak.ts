import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ask, clientOf, drained, subscribe } from './support/client.ts'
import { openInbox } from './support/inbox.ts'
import { fileSize, startInspected } from './support/inspected.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { streamLog } from './support/log-reader.ts'
import { publishers, publishTurn } from './support/publisher.ts'
import { Failures, missedGoal, type Reliability, Teardown } from './support/report.ts'
import { build, makeKey, temporaryFolder } from './support/service.ts'

const receivers = 20

/** So that what is kept on purpose is full before the first look. */
const cacheMb = '1'

/**
 * How much the heap and the handles may grow between two looks, and the write-ahead log at all: in megabytes, and handles. Within seconds a
 * megabyte more is code that the engine compiles; half a kilobyte kept of each delivery is found.
 */
const most = { used: 2.5, handles: 10, wal: 64 }

/** Publishes, deliveries and reads of every kind go on and on, with one reader who stays: what the process holds does not grow. */
export const soak: Reliability = {
  name: 'R18',
  title: 'what a process holds does not grow',
  async run(size, minutes = 240) {
    if (process.platform !== 'linux')
      return { counts: {}, failures: [], skipped: 'only Linux tells what a process holds' }
    const t = new Teardown()
    const failures = new Failures()
    build()
    const file = join(temporaryFolder(t), 'portolan.db')
    const url = `sqlite:${file}`
    const key = await makeKey(url, 'admin')
    const service = await startInspected(url, { PORTOLAN_CACHE_MB: cacheMb })
    const ask = clientOf(service.address, key)
    const inboxes = await Promise.all(Array.from({ length: receivers }, openInbox))
    for (const inbox of inboxes) {
      t.teardown(() => inbox.close())
      inbox.secrets = [(await subscribe(ask, inbox.url)).secret]
    }
    const stays = new AbortController()
    const reader = streamLog({ address: service.address, key, total: Number.POSITIVE_INFINITY, signal: stays.signal })
    const crews = publishers(4)
    for (const crew of crews) await publishTurn(ask, crew, failures)
    const done = () => crews.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
    const state = { isOver: false, reads: 0 }
    const work = [
      ...crews.map(async (crew) => {
        while (!state.isOver && failures.list.length === 0) {
          await publishTurn(ask, crew, failures)
          // Fifty deliveries a second.
          if (size === 'full') await pause(1600)
        }
      }),
      readOn(ask, service.address, key, state, failures)
    ]
    const began = performance.now()
    const until = async (share: number) => {
      const isReached = () =>
        size === 'full' ? performance.now() - began > share * minutes * 60_000 : done() > share * 250
      while (!isReached() && failures.list.length === 0) await pause(100)
      return service.held()
    }
    const before = await until(1 / 3)
    const atBefore = performance.now()
    const after = await until(1)
    const lasted = (performance.now() - atBefore) / 60_000
    state.isOver = true
    await Promise.all(work)
    const wal = fileSize(`${file}-wal`)
    stays.abort()
    const seqs = await reader
    failures.expect(await drained(ask, 300_000), 'not everything was delivered')
    failures.expect((await service.end('SIGTERM')) === 0, 'it did not stop gracefully')
    const { events } = await judgeStore(url, crews, failures)
    for (const inbox of inboxes) judgeInbox(inbox, { events, most: 0 }, failures)
    failures.expect(
      seqs.every((seq, index) => seq === index + 1),
      'the reader who stayed has a gap'
    )
    const [used, handles] = [after.used - before.used, after.handles - before.handles]
    failures.expect(used <= most.used, `${used.toFixed(1)} MB more are in use`)
    failures.expect(handles <= most.handles, `${handles} handles more are open`)
    failures.expect(wal <= most.wal, `the write-ahead log has ${wal.toFixed(0)} MB`)
    await t.run()
    // Within seconds it says nothing.
    const slope = (after.resident - before.resident) / lasted
    return {
      counts: {
        events,
        deliveries: inboxes.reduce((sum, inbox) => sum + inbox.seqs.length, 0),
        reads: state.reads,
        'MB in use': after.used.toFixed(1),
        'MB more': used.toFixed(1),
        'MB resident': after.resident.toFixed(0),
        'MB more resident': (after.resident - before.resident).toFixed(1),
        handles: after.handles,
        'handles more': handles,
        'MB of WAL': wal.toFixed(1)
      },
      failures: failures.list,
      missed: size === 'full' ? missedGoal('MB more resident a minute', slope, 0.5, 'at most') : []
    }
  }
}

/** Reads of different kinds, one after the other, each of which must be answered. */
async function readOn(
  ask: Ask,
  address: string,
  key: Readonly<Record<string, string>>,
  state: { isOver: boolean; reads: number },
  failures: Failures
): Promise<void> {
  const query = { query: '{ catalogues(first: 3) { nodes { id title } } }' }
  for (let turn = 0; !state.isOver && failures.list.length === 0; turn += 1) {
    const left = new AbortController()
    const stream = streamLog({ address, key, total: 1, signal: left.signal })
    const answers = await Promise.all([
      ask('GET', '/v1/catalogues'),
      ask('GET', `/v1/catalogues/catalogue-${turn % 4}`),
      ask('GET', `/v1/catalogues/catalogue-${turn % 4}/document?asOf=1`),
      ask('GET', `/v1/events?after=${turn % 4}&limit=10`),
      ask('GET', `/v1/lookup?value=updates-${turn}.example.net`),
      ask('POST', '/graphql', query)
    ])
    await stream
    left.abort()
    for (const [index, { status }] of answers.entries())
      failures.expect(status === 200, `read ${index} was answered ${status}`)
    state.reads += answers.length + 1
    await pause(20)
  }
}
