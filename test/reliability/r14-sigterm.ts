import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ask, clientOf, drained, subscribe } from './support/client.ts'
import { openInbox } from './support/inbox.ts'
import { judgeInbox, judgeStore } from './support/judge.ts'
import { openEnds } from './support/open-ends.ts'
import { type Publisher, publishers, publishTurn } from './support/publisher.ts'
import { Failures, missedGoal, type Reliability, seeded, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'

const receivers = 3
const readers = 2

/** Tells the service to stop, again and again, while it takes, answers and sends, and connections of every kind are open. */
export const sigterm: Reliability = {
  name: 'R14',
  title: 'SIGTERM under load',
  async run(size, rounds = size === 'full' ? 200 : 5) {
    const t = new Teardown()
    const failures = new Failures()
    const random = seeded(14)
    build()
    const url = `sqlite:${join(temporaryFolder(t), 'portolan.db')}`
    const key = await makeKey(url, 'admin')
    const inboxes = await Promise.all(Array.from({ length: receivers }, openInbox))
    for (const inbox of inboxes) t.teardown(() => inbox.close())
    const crews = publishers(4)
    const counts = { answers: 0, 'answered 503 after the signal': 0, 'cut off after the signal': 0 }
    for (let round = 0; round < rounds && failures.list.length === 0; round += 1) {
      // Every other time answers go on for a second.
      const service = await startProcess(url, { PORTOLAN_DRAIN_DELAY: String(round % 2) })
      const ask = clientOf(service.address, key)
      if (round === 0) for (const inbox of inboxes) inbox.secrets = [(await subscribe(ask, inbox.url)).secret]
      const ends = await openEnds(service.address, key)
      const state = { isTold: false, answers: 0 }
      const publishing = crews.map((crew) => publishUntilCut(ask, crew, state, failures))
      const reading = Array.from({ length: readers }, () => readUntilCut(ask, state, failures))
      while (state.answers < 20 && failures.list.length === 0) await pause(5)
      await pause(random() * 200)
      state.isTold = true
      const code = await service.end('SIGTERM')
      failures.expect(code === 0, `round ${round}: it ended with ${code}`)
      for (const { refused, cut } of await Promise.all([...publishing, ...reading])) {
        counts['answered 503 after the signal'] += refused
        counts['cut off after the signal'] += cut
      }
      for (const fault of await ends.faults) failures.expect(false, `round ${round}: ${fault}`)
      counts.answers += state.answers
    }
    const service = await startProcess(url)
    failures.expect(await drained(clientOf(service.address, key), 300_000), 'not everything was delivered')
    failures.expect((await service.end('SIGTERM')) === 0, 'it did not stop gracefully')
    const { revisions, events } = await judgeStore(url, crews, failures)
    const acknowledged = crews.reduce((sum, crew) => sum + crew.acknowledged.length, 0)
    failures.expect(revisions === acknowledged, `${revisions} revisions, of which ${acknowledged} were acknowledged`)
    let doubled = 0
    for (const inbox of inboxes) doubled += judgeInbox(inbox, { events, most: rounds }, failures)
    await t.run()
    return {
      counts: { stops: rounds, ...counts, revisions, events, 'sent twice': doubled },
      failures: failures.list,
      // A receiver that takes longer than a stop waits for it gets its event again.
      missed: missedGoal('sent twice', doubled, 0, 'at most')
    }
  }
}

/** `answers`: those that were right. */
interface Round {
  isTold: boolean
  answers: number
}

interface Cut {
  /** How many answers said that the service stops. */
  readonly refused: number
  /** How many requests were given no answer: one at most, the last one. */
  readonly cut: number
}

async function publishUntilCut(ask: Ask, crew: Publisher, state: Round, failures: Failures): Promise<Cut> {
  return untilCut(() => publishTurn(ask, crew, failures), state, failures)
}

async function readUntilCut(ask: Ask, state: Round, failures: Failures): Promise<Cut> {
  return untilCut(
    async () => {
      const { status, retryAfter } = await ask('GET', '/v1/catalogues?limit=10')
      failures.expect(status === 200 || (status === 503 && retryAfter !== undefined), `a read was answered ${status}`)
      return status === 200
    },
    state,
    failures
  )
}

async function untilCut(request: () => Promise<boolean>, state: Round, failures: Failures): Promise<Cut> {
  let refused = 0
  while (failures.list.length === 0) {
    try {
      if (await request()) {
        state.answers += 1
        continue
      }
      failures.expect(state.isTold, 'the service refused before it was told to stop')
      refused += 1
      // One that stops refuses on each connection once more, and no client needs to insist.
      await pause(50)
    } catch (error) {
      failures.expect(state.isTold, `there was no answer before the service was told to stop: ${error}`)
      return { refused, cut: 1 }
    }
  }
  return { refused, cut: 0 }
}
