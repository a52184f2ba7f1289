import { setTimeout as pause } from 'node:timers/promises'
import { startOwnPostgres } from '../support/postgres.ts'
import { clientOf, drained, subscribe } from './support/client.ts'
import { type Inbox, openInbox } from './support/inbox.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { publishers, publishOn } from './support/publisher.ts'
import { Failures, missedGoal, type Reliability, seeded, Teardown } from './support/report.ts'
import { build, makeKey, type Process, startProcess } from './support/service.ts'

const receivers = 5
const roles = ['web', 'web', 'send', 'send'] as const

/** Longer than the lease of a sender that was killed, on a machine with other things to do. */
const drainMs = 300_000
/** What a sender that is killed had leased is free after 45 seconds, and then what has piled up is sent. In milliseconds. */
const takeOverMs = 60_000

/**
 * Two processes that answer and two that send, on one PostgreSQL: a random one of them is killed, or the server is stopped at once, again
 * and again, while publishes and deliveries go on at the others.
 */
export const replicaKills: Reliability = {
  name: 'R2',
  title: 'replicas and PostgreSQL killed under load',
  async run(size, kills = size === 'full' ? 300 : 5) {
    const t = new Teardown()
    const failures = new Failures()
    const random = seeded(2)
    build()
    const server = await startOwnPostgres()
    t.teardown(() => server.stop())
    const url = await server.database()
    const key = await makeKey(url, 'admin')
    const start = (role: (typeof roles)[number]) => startProcess(url, { PORTOLAN_ROLE: role })
    const processes: Process[] = []
    for (const role of roles) processes.push(await start(role))
    t.teardown(async () => void (await Promise.all(processes.map((process) => process.end('SIGKILL')))))
    const answering = () => clientOf(processes[random() < 0.5 ? 0 : 1]?.address ?? '', key)
    const inboxes = await Promise.all(Array.from({ length: receivers }, openInbox))
    for (const inbox of inboxes) {
      t.teardown(() => inbox.close())
      inbox.secrets = [(await subscribe(answering(), inbox.url)).secret]
    }
    const crews = publishers(4)
    const done = () => crews.reduce((sum, { acknowledged }) => sum + acknowledged.length, 0)
    let isOver = false
    const work = crews.map((crew) => publishOn(crew, { client: answering, isOver: () => isOver }, failures))
    const [killed, stopped]: [Span[], Span[]] = [[], []]
    for (let round = 0; round < kills && failures.list.length === 0; round += 1) {
      // Something is under way again, however slow the machine is.
      for (const before = done(); done() < before + 8 && failures.list.length === 0; ) await pause(10)
      await pause(random() * 200)
      if (round % 3 === 2) stopped.push(await spanOf(() => server.restart()))
      // The first ones that are killed send, so that what they had leased is free again by the end.
      const index = round < kills / 2 ? 2 + (round % 2) : Math.floor(random() * roles.length)
      const role = roles[index] ?? 'web'
      const kill = await spanOf(() => processes[index]?.end('SIGKILL'))
      if (role === 'send') killed.push(kill)
      processes[index] = await start(role)
    }
    isOver = true
    await Promise.all(work)
    const ended = performance.now()
    failures.expect(await drained(answering(), drainMs), 'not everything was delivered')
    const drainedMs = Math.round(performance.now() - ended)
    for (const process of processes)
      failures.expect((await process.end('SIGTERM')) === 0, 'one did not stop gracefully')
    const { revisions, events } = await judgeStore(url, crews, failures)
    let doubled = 0
    for (const inbox of inboxes) {
      // With the server its newest results may be gone, which it writes down a moment later. A sender that is killed has one request open.
      const most = comingsAgain(inbox).filter((again) => stopped.some((stop) => touches(again, stop))).length
      doubled += judgeInbox(inbox, { events, most: most + killed.length }, failures)
      const unexplained = comingsAgain(inbox).filter(
        (again) => ![...stopped, ...killed].some((hit) => touches(again, hit))
      )
      failures.expect(unexplained.length === 0, `${inbox.url} got ${unexplained.length} events twice for no reason`)
    }
    await t.run()
    return {
      counts: {
        kills,
        'of senders': killed.length,
        'stops of PostgreSQL': stopped.length,
        revisions,
        events,
        deliveries: inboxes.reduce((sum, { seqs }) => sum + seqs.length, 0),
        'sent twice': doubled,
        'ms to drain': drainedMs
      },
      failures: failures.list,
      missed: missedGoal('ms to drain', drainedMs, takeOverMs, 'at most')
    }
  }
}

/** A time between two moments of `performance.now()`. */
interface Span {
  readonly from: number
  readonly to: number
}

async function spanOf(run: () => Promise<unknown> | undefined): Promise<Span> {
  const from = performance.now()
  await run()
  return { from, to: performance.now() }
}

function touches(a: Span, b: Span): boolean {
  return a.from <= b.to && b.from <= a.to
}

/** From one coming of an event to its next one. */
function comingsAgain({ seqs, at }: Inbox): readonly Span[] {
  const last = new Map<number, number>()
  return seqs.flatMap((seq, index) => {
    const [from, to] = [last.get(seq), at[index] ?? 0]
    last.set(seq, to)
    return from === undefined ? [] : [{ from, to }]
  })
}
