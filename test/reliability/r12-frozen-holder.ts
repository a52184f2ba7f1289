import { randomBytes } from 'node:crypto'
import { pino } from 'pino'
import { makeCatalogues, type OwnedCatalogues } from '../../src/catalogue/catalogues.ts'
import { activateSubscription } from '../../src/catalogue/webhook/subscription-state.ts'
import { createSubscription } from '../../src/catalogue/webhook/subscriptions.ts'
import { Deliveries } from '../../src/delivery/deliveries.ts'
import type { WebhookTransport } from '../../src/delivery/transport.ts'
import type { Document } from '../../src/domain/document/document.ts'
import { openStore } from '../../src/store/open.ts'
import { documentOf, publicationOf } from '../store/support/documents.ts'
import { firstComings, isAscending } from './support/inbox.ts'
import { Failures, type Reliability } from './support/report.ts'

/** Longer than a lease. */
const frozenMs = 60_000

/**
 * A holder of a lease is frozen in the middle of a request for longer than its lease, and then let go, while another process holds the next
 * one: its late result changes nothing.
 */
export const frozenHolder: Reliability = {
  name: 'R12',
  title: 'a holder that was frozen longer than its lease',
  async run(size, rounds = size === 'full' ? 50 : 10) {
    const failures = new Failures()
    let [deliveries, doubled] = [0, 0]
    for (let round = 1; round <= rounds; round += 1) {
      const seqs = await freeze(round, failures)
      const first = firstComings(seqs)
      failures.expect(isAscending(first), `round ${round}: out of order, ${seqs}`)
      failures.expect(first.join() === '1,2,3', `round ${round}: ${seqs} instead of 1,2,3`)
      failures.expect(seqs.length - first.length <= 1, `round ${round}: ${seqs.length - first.length} came twice`)
      deliveries += seqs.length
      doubled += seqs.length - first.length
    }
    return { counts: { rounds, deliveries, doubled }, failures: failures.list }
  }
}

async function freeze(round: number, failures: Failures): Promise<readonly number[]> {
  let now = Date.parse('2018-10-01T00:00:00Z')
  const store = await openStore('sqlite::memory:')
  const catalogues = makeCatalogues(store, { now: () => now, random: randomBytes, upcomingDays: [], onError: () => {} })
  const seqs: number[] = []
  let thaw = () => {}
  const frozen = new Promise<void>((resolve) => {
    thaw = resolve
  })
  let hold = () => {}
  const isHeld = new Promise<void>((resolve) => {
    hold = resolve
  })
  const senderOf = (freezesAt: number | undefined) =>
    couriersOf(catalogues, async (seq) => {
      seqs.push(seq)
      if (seq !== freezesAt) return
      hold()
      await frozen
    })
  const [first, second] = [senderOf(1), senderOf(undefined)]
  const subscribing = { ...catalogues, receivers: { check: async () => {} } }
  const definition = {
    url: 'https://receiver.example',
    filter: {},
    format: 'standard',
    ordering: 'strict',
    isAsymmetric: false,
    headers: {}
  } as const
  const { subscription } = await createSubscription(subscribing, { definition })
  await activateSubscription(subscribing, 'shell', subscription.id)
  await deliver(second)
  let document: Document | undefined
  for (const number of [1, 2, 3]) {
    const next = documentOf([], { label: String(number) })
    await store.commit(publicationOf(document, next, number))
    document = next
  }
  first.wake()
  await isHeld
  now += frozenMs
  await deliver(second)
  const moved = (await store.subscriptions.find(subscription.id))?.cursor
  failures.expect(moved === 3, `round ${round}: the second holder came to ${moved}`)
  const attempts = (await store.subscriptions.find(subscription.id))?.attempts
  thaw()
  await first.settled()
  const after = await store.subscriptions.find(subscription.id)
  failures.expect(after?.cursor === 3, `round ${round}: the late result moved the cursor to ${after?.cursor}`)
  failures.expect(after?.attempts === attempts, `round ${round}: the late result was recorded`)
  await Promise.all([first.close(), second.close()])
  await catalogues.close()
  return seqs
}

function couriersOf(catalogues: OwnedCatalogues, receive: (seq: number) => Promise<void>): Deliveries {
  const transport: WebhookTransport = {
    async send({ headers }) {
      const seq = headers['portolan-seq']
      if (seq !== undefined) await receive(Number(seq))
      return { kind: 'answered', status: 204, isDisabling: false, body: '', durationMs: 1 }
    },
    close: async () => {}
  }
  const log = pino({ level: 'silent' })
  return new Deliveries({ catalogues, transport, base: () => '', chance: () => 0.5, rate: 1e9, log })
}

async function deliver(deliveries: Deliveries): Promise<void> {
  deliveries.wake()
  await deliveries.settled()
}
