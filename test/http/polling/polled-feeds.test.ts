import { pino } from 'pino'
import t from 'tap'
import { makeCatalogues } from '../../../src/catalogue/catalogues.ts'
import type { ConfiguredFeed } from '../../../src/catalogue/polling/feed-folder.ts'
import { requireOwnCatalogues } from '../../../src/catalogue/polling/polled-feeds.ts'
import { takeIn } from '../../../src/catalogue/polling/take-in.ts'
import { Poller } from '../../../src/delivery/poller.ts'
import type { Fetched } from '../../../src/domain/feed/fetched.ts'
import { openStore } from '../../../src/store/open.ts'
import { clearswift, startApp } from '../../support/app.ts'

const id = 'feed.example-mirrors'
const feed: ConfiguredFeed = {
  id,
  adapter: 'text',
  url: 'https://lists.example/mirrors.txt?key=secret',
  every: 'PT15M',
  everyMs: 900_000,
  lingerMs: 0,
  settleMs: 0
}
const path = `/v1/feeds/${id}`

function content(count: number): Fetched {
  const text = Array.from({ length: count }, (_, index) => `20.50.1.${index + 1}\n`).join('')
  return { kind: 'content', bytes: Buffer.from(text), status: 200, etag: `"${count}"` }
}

t.test(
  'feeds are listed and shown without secrets, fetched and accepted with feed:write, and seen by whoever may see their catalogue',
  async (t) => {
    const store = await openStore('sqlite::memory:')
    let [answer, now] = [content(20), Date.parse('2026-11-24T12:00:00Z')]
    const catalogues = makeCatalogues(store, {
      now: () => now,
      random: (count) => new Uint8Array(count).map(() => Math.random() * 256),
      onError: (error) => {
        throw error
      }
    })
    await catalogues.heads.refresh()
    const poller = new Poller({
      catalogues,
      feeds: [feed],
      fetch: async () => answer,
      takeIn: (list) => takeIn(catalogues, list),
      log: pino({ level: 'silent' })
    })
    const app = await startApp(t, { store, feeds: [feed], poller, isSeeded: false })
    const writer = await app.key('feed:write')
    const reader = await app.key('catalogue:read')
    t.match((await app.request('/v1/feeds')).json(), { items: [{ id, catalogue: id, state: 'new' }] })
    t.match((await app.request(path)).json(), { url: 'https://lists.example/mirrors.txt', every: 'PT15M' })
    t.equal((await app.request('/v1/feeds/feed.other')).statusCode, 404)
    const post = (url: string, headers: object = writer) =>
      app.request({ method: 'POST', url, headers: { ...headers } })
    t.equal((await post(`${path}/fetch`, {})).statusCode, 401)
    t.equal((await post(`${path}/fetch`, reader)).statusCode, 403)
    t.match((await post(`${path}/fetch`)).json(), {
      state: 'current',
      lastFetch: { outcome: 'published', status: 200 }
    })
    now += 60_000
    answer = content(3)
    t.match((await post(`${path}/fetch`)).json(), { state: 'held', held: { rules: ['mass_removal'] } })
    await app.catalogues.heads.refresh()
    const [told] = (await app.request('/v1/events?type=feed.held')).json().items
    t.equal((await app.request(told.links.feed)).json().state, 'held')
    const held = (await app.request(told.links.held)).json()
    t.match(held, { findings: [{ rule: 'mass_removal' }] })
    t.equal(held.changes.length, 17)
    t.match((await app.request('/metrics')).body, /portolan_feed_state\{feed="feed\.example-mirrors",state="held"\} 1/)
    t.equal((await post(`${path}/held/accept`)).statusCode, 400, 'a reason is needed')
    t.equal((await post(`${path}/held/accept?reason=no`, reader)).statusCode, 403)
    t.equal((await post(`${path}/held/accept?reason=no&digest=sha256:${'0'.repeat(64)}`)).statusCode, 412)
    const accepted = await post(`${path}/held/accept?reason=It%20is%20right&digest=${held.digest}`)
    t.equal(accepted.statusCode, 201)
    t.match(accepted.json(), { number: 2, overrides: ['mass_removal'], reason: 'It is right', counts: { removed: 17 } })
    t.equal((await app.request(`${path}/held`)).statusCode, 404)
    answer = { kind: 'failed', reason: 'the source answered 500', status: 500 }
    t.match((await post(`${path}/fetch`)).json(), { state: 'failing', reason: 'the source answered 500' })
  }
)

t.test('a catalogue that a person published is not taken over', async (t) => {
  const { catalogues } = await startApp(t)
  await t.rejects(requireOwnCatalogues(catalogues, [{ ...feed, id: clearswift }]), {
    code: 'invalid_parameter',
    message: /published by hand/
  })
  await requireOwnCatalogues(catalogues, [feed])
})
