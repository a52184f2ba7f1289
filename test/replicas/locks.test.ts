import pg from 'pg'
import t from 'tap'
import { progressOf } from '../../src/domain/webhook/subscription.ts'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/store.ts'
import { documentOf, publishAll } from '../store/support/documents.ts'
import { noPostgres } from '../support/engine.ts'
import { eventually } from '../support/eventually.ts'
import { postgresServer } from '../support/postgres.ts'
import { waitsForLock } from './support/waits-for-lock.ts'

t.setTimeout(300_000)
const server = postgresServer(t)
const options = { skip: noPostgres }
const count = 60
const rounds = 60

t.test(
  'one process marks what matches while another records results, and neither locks the other out',
  options,
  async (t) => {
    const url = await server.database()
    const [marker, sender] = await Promise.all([openStore(url), openStore(url)])
    t.teardown(() => Promise.all([marker.close(), sender.close()]))
    const ids = Array.from({ length: count }, (_, index) => `sub_${String((index * 37) % count).padStart(3, '0')}`)
    await publishAll(marker, [documentOf([])])
    for (const id of ids) await addActive(marker, id)
    const place = await marker.subscriptions.fanOut()
    const before = await deadlocks(url)

    let isOver = false
    const marks = async () => {
      for (let round = 1; round <= rounds; round += 1) {
        const seq = place.seq + round
        await marker.subscriptions.mark({ ...place, seq: seq - 1 }, seq, new Map([[seq, ids]]))
      }
      isOver = true
    }
    const results = async () => {
      let written = 0
      while (!isOver) {
        const claimed = await sender.subscriptions.claim({
          holder: `sender ${written}`,
          now: Date.now(),
          leaseMs: 60_000,
          limit: count
        })
        // The order in which receivers answer is any.
        const inOrder = [...claimed].sort((a, b) => (a.subscription.id < b.subscription.id ? 1 : -1))
        await sender.subscriptions.record(
          inOrder.map(({ subscription, fence }) => ({
            id: subscription.id,
            fence,
            before: subscription,
            settlement: {
              progress: { ...progressOf(subscription), cursor: subscription.matched },
              deadLetters: [],
              redriven: [],
              settledNotices: []
            },
            deliveries: [],
            notices: [],
            at: Date.now(),
            leaseMs: 0
          }))
        )
        written += claimed.length
      }
      return written
    }
    const [, written] = await Promise.all([marks(), results()])
    t.ok(written > count, `${written} results were written meanwhile`)
    t.equal((await marker.subscriptions.fanOut()).seq, place.seq + rounds, 'every mark was written')
    t.equal((await deadlocks(url)) - before, 0, 'no transaction was the victim of a deadlock')
  }
)

t.test('a commit that PostgreSQL gives up for another one is tried again', options, async (t) => {
  const url = await server.database()
  const store = await openStore(url)
  t.teardown(() => store.close())
  for (const id of ['a', 'b']) await addActive(store, id)
  const rude = new pg.Client({ connectionString: url })
  await rude.connect()
  t.teardown(() => rude.end())
  // It never is the one that is given up.
  await rude.query("set deadlock_timeout = '60s'")
  await rude.query('begin')
  await rude.query("update subscriptions set due_at = 5 where id = 'b'")
  const place = await store.subscriptions.fanOut()
  const marked = store.subscriptions.mark(place, place.seq + 1, new Map([[place.seq + 1, ['a', 'b']]]))
  await eventually('the commit waits', () => waitsForLock(url))
  // The commit holds a, and waits for b.
  const rest = rude.query("update subscriptions set due_at = 5 where id = 'a'").then(() => rude.query('commit'))
  t.equal(await marked, true)
  await rest
})

async function addActive({ subscriptions }: Store, id: string): Promise<void> {
  await subscriptions.add({
    id,
    definition: {
      url: 'https://receiver.example/hook',
      filter: {},
      format: 'standard',
      ordering: 'strict',
      isAsymmetric: false,
      headers: {}
    },
    secrets: [{ text: 'whsec_AAAA' }],
    createdAt: 10
  })
  await subscriptions.edit(id, 1, { state: { to: 'active' } }, 11)
}

async function deadlocks(url: string): Promise<number> {
  const [row] = await ask<{ deadlocks: string }>(
    url,
    'select deadlocks from pg_stat_database where datname = current_database()'
  )
  return Number(row?.deadlocks)
}

async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text)).rows
  } finally {
    await client.end()
  }
}
