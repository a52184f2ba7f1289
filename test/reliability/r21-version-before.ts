import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { openStore } from '../../src/store/open.ts'
import { noPostgres } from '../support/engine.ts'
import { startPostgres } from '../support/postgres.ts'
import { clientOf, drained, subscribe } from './support/client.ts'
import { firstComings, openInbox } from './support/inbox.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { type Publisher, publishers, publishTurn } from './support/publisher.ts'
import { Failures, type Reliability, Teardown } from './support/report.ts'
import { build, startProcess, temporaryFolder } from './support/service.ts'
import { makeVersionBefore, type VersionBefore } from './support/version-before.ts'

const turns = 5
const drainMs = 300_000

/**
 * The code from before the newest migration publishes, answers and sends on a store that this code migrates meanwhile: what a rolling update
 * needs. On PostgreSQL both then run side by side.
 */
export const versionBefore: Reliability = {
  name: 'R21',
  title: 'the version before runs on the new schema',
  async run() {
    const t = new Teardown()
    const folder = temporaryFolder(t)
    const before = makeVersionBefore(join(folder, 'before'))
    if ('missing' in before) {
      await t.run()
      return { counts: {}, failures: [], skipped: before.missing }
    }
    const failures = new Failures()
    build()
    try {
      const events = await rollOver(`sqlite:${join(folder, 'portolan.db')}`, before, { isShared: false }, failures)
      const counts = { 'events on SQLite': events, 'the version before': before.commit.slice(0, 10) }
      if (noPostgres) return { counts: { ...counts, 'events on PostgreSQL': noPostgres }, failures: failures.list }
      const server = await startPostgres()
      t.teardown(() => server.stop())
      const shared = await rollOver(await server.database(), before, { isShared: true }, failures)
      return { counts: { ...counts, 'events on PostgreSQL': shared }, failures: failures.list }
    } finally {
      await t.run()
    }
  }
}

/** Both versions on one store, the older one first. @returns how many events there were */
async function rollOver(
  url: string,
  before: VersionBefore,
  { isShared }: { readonly isShared: boolean },
  failures: Failures
): Promise<number> {
  const t = new Teardown()
  try {
    const key = await before.makeKey(url)
    const older = await startProcess(url, {}, [], before.main)
    t.teardown(() => void older.child.kill('SIGKILL'))
    const [ask, inbox] = [clientOf(older.address, key), await openInbox()]
    t.teardown(() => inbox.close())
    inbox.secrets = [(await subscribe(ask, inbox.url)).secret]
    const crew = publishers(2)
    const [first, second] = crew as [Publisher, Publisher]
    const publish = async (publisher: Publisher, by: typeof ask) => {
      const upTo = publisher.turn + turns
      while (publisher.turn < upTo && failures.list.length === 0)
        if (!(await publishTurn(by, publisher, failures))) await pause(20)
    }
    await publish(first, ask)
    failures.expect(await drained(ask, drainMs), 'the version before delivered nothing on its own schema')

    // This code migrates what the other one has open.
    await (await openStore(url)).close()
    const sent = firstComings(inbox.seqs).length
    await publish(first, ask)
    const read = await ask('GET', `/v1/catalogues/${first.catalogue}`)
    failures.expect(read.body.title === `Turn ${first.turn - 1}`, `the version before reads ${read.body.title}`)
    failures.expect(await drained(ask, drainMs), 'the version before does not deliver on the new schema')
    failures.expect(firstComings(inbox.seqs).length === sent + turns, 'the version before left events out')

    if (!isShared) failures.expect((await older.end('SIGTERM')) === 0, 'the version before did not stop gracefully')
    const newer = await startProcess(url)
    t.teardown(() => void newer.child.kill('SIGKILL'))
    const askNewer = clientOf(newer.address, key)
    await Promise.all([publish(second, askNewer), ...(isShared ? [publish(first, ask)] : [])])
    const found = await askNewer('GET', `/v1/catalogues/${first.catalogue}`)
    failures.expect(found.body.title === `Turn ${first.turn - 1}`, `this version reads ${found.body.title}`)
    failures.expect(await drained(askNewer, drainMs), 'not everything was delivered')
    if (isShared) failures.expect((await older.end('SIGTERM')) === 0, 'the version before did not stop gracefully')
    failures.expect((await newer.end('SIGTERM')) === 0, 'this version did not stop gracefully')
    const { events } = await judgeStore(url, crew, failures)
    judgeInbox(inbox, { events, most: events }, failures)
    return events
  } finally {
    await t.run()
  }
}
