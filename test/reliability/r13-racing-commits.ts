import pg from 'pg'
import { startOwnPostgres } from '../support/postgres.ts'
import { clientOf, drained, subscribe } from './support/client.ts'
import { openInbox } from './support/inbox.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { type LogSource, pollLog, streamLog } from './support/log-reader.ts'
import { publishers, publishTurn } from './support/publisher.ts'
import { Failures, type Reliability, Teardown } from './support/report.ts'
import { build, makeKey, type Process, startProcess } from './support/service.ts'

/** One of them sends, too. */
const roles = ['all', 'web', 'web'] as const
/** The longest that a commit sleeps after its seq is chosen. */
const sleepSeconds = 0.01

/**
 * Many publish at once through several processes, and each commit sleeps for a random time after its seq is chosen, so that one that is later
 * in the log would be there sooner if nothing kept it from that. Who follows the log sees each seq, in order, and never a hole.
 */
export const racingCommits: Reliability = {
  name: 'R13',
  title: 'racing commits',
  async run(size) {
    const t = new Teardown()
    const failures = new Failures()
    const [count, turns] = size === 'full' ? [200, 50] : [30, 5]
    const total = count * turns
    build()
    const server = await startOwnPostgres()
    t.teardown(() => server.stop())
    const url = await server.database()
    const key = await makeKey(url, 'admin')
    const processes: Process[] = []
    const sources: LogSource[] = []
    const stopping = new AbortController()
    for (const role of roles) {
      const process = await startProcess(url, { PORTOLAN_ROLE: role })
      t.teardown(async () => failures.expect((await process.end('SIGTERM')) === 0, 'one did not stop gracefully'))
      processes.push(process)
      sources.push({ address: process.address, key, total, signal: stopping.signal })
    }
    const ask = (index: number) => clientOf(processes[index % roles.length]?.address ?? '', key)
    await sleepBeforeCommits(url)
    const inbox = await openInbox()
    t.teardown(() => inbox.close())
    inbox.secrets = [(await subscribe(ask(0), inbox.url)).secret]
    const readers = Promise.all(sources.flatMap((source) => [pollLog(source), streamLog(source)]))
    readers.catch((error: unknown) => failures.expect(false, String(error)))
    const crews = publishers(count)
    let refused = 0
    await Promise.all(
      crews.map(async (crew, index) => {
        while (crew.turn <= turns && failures.list.length === 0)
          if (!(await publishTurn(ask(index + crew.turn), crew, failures))) refused += 1
      })
    )
    if (failures.list.length > 0) stopping.abort()
    const seen = await readers
    for (const seqs of seen) {
      const wrong = seqs.findIndex((seq, index) => seq !== index + 1)
      failures.expect(wrong === -1, `a reader saw ${seqs[wrong]} after ${seqs[wrong - 1] ?? 'nothing'}`)
      failures.expect(seqs.length === total, `a reader saw ${seqs.length} of ${total} events`)
    }
    failures.expect(await drained(ask(0), 300_000), 'not everything was delivered')
    const { revisions, events } = await judgeStore(url, crews, failures)
    judgeInbox(inbox, { events, most: 0 }, failures)
    await t.run()
    return {
      counts: {
        publishers: count,
        processes: roles.length,
        revisions,
        events,
        'answered 503': refused,
        readers: seen.length,
        'events read': seen.reduce((sum, seqs) => sum + seqs.length, 0),
        'events delivered': inbox.seqs.length
      },
      failures: failures.list
    }
  }
}

async function sleepBeforeCommits(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(`
    create function sleep() returns trigger language plpgsql as
    $$ begin perform pg_sleep(random() * ${sleepSeconds}); return null; end $$;
    create constraint trigger sleep after insert on events deferrable initially deferred
    for each row execute function sleep()`)
  await client.end()
}
