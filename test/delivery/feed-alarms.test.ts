import t from 'tap'
import { hourMs, minuteMs } from '../../src/domain/time/duration.ts'
import { formatInstant } from '../../src/domain/time/instant.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { eventually } from '../support/eventually.ts'
import { addresses, id, pollerOf, startPolling } from './support/polling.ts'
import { list, status } from './support/provider.ts'
import { startReceiver } from './support/receiver.ts'
import { startPostOffice } from './support/webhook-sender.ts'

const good = list(addresses(20), '"1"')
const later = (app: TestApp, ms: number) => app.timePasses(formatInstant(app.clock.now + ms))
/** The states that were told, each with when it began. */
const told = async ({ catalogues: { store } }: TestApp) =>
  (await store.events({ after: 0, limit: 1000 }))
    .filter(({ type }) => type.startsWith('feed.'))
    .map(({ type, effectiveAt }) => [type, effectiveAt])

t.test(
  'that a feed fails is told once, however often it fails, and again where it fails after a recovery',
  async (t) => {
    const { app, provider, feed, nextFetch } = await startPolling(t, { everyMs: 24 * hourMs })
    await nextFetch()
    provider.answer = status(500)
    await nextFetch()
    const first = app.clock.now
    await nextFetch()
    await nextFetch()
    await pollerOf(t, app, feed).look()
    t.strictSame(await told(app), [['feed.failing', first]], 'also by a process that starts later')
    provider.answer = good
    await nextFetch()
    provider.answer = status(500)
    await nextFetch()
    t.strictSame(await told(app), [
      ['feed.failing', first],
      ['feed.failing', app.clock.now]
    ])
  }
)

t.test('an event of a feed is about the newest revision, which stays, and has no changes', async (t) => {
  const { app, provider, nextFetch } = await startPolling(t)
  await nextFetch()
  const head = app.catalogues.heads.get(id)?.revision
  provider.answer = status(500)
  await nextFetch()
  const [event] = (await app.request('/v1/events?type=feed.failing')).json().items
  const { number, label, digest } = head ?? {}
  t.match(event, {
    catalogue: id,
    effectiveAt: formatInstant(app.clock.now),
    lateByMs: 0,
    revision: { number, label, digest },
    counts: { added: 0, removed: 0, changed: 0 },
    changes: [],
    truncated: false
  })
  t.match(event.links.feed, new RegExp(`/v1/feeds/${id}$`))
  t.notOk('held' in event.links)
  t.equal(app.catalogues.heads.get(id)?.revision.number, number)
  t.equal(app.catalogues.logCounters.byType.get('feed.failing'), 1)
  t.equal((await app.request(event.links.view)).statusCode, 200)
  const query = '{ events(types: ["feed.failing", "feed.held"]) { nodes { type links { feed held diff } } } }'
  const { data } = (await app.request({ method: 'POST', url: '/graphql', payload: { query } })).json()
  const { feed } = event.links
  t.strictSame(data.events.nodes, [{ type: 'feed.failing', links: { feed, held: null, diff: null } }])
})

t.test('a held change is told once, whatever fails meanwhile, and so is each one that replaces it', async (t) => {
  const { app, provider, nextFetch } = await startPolling(t)
  await nextFetch()
  provider.answer = list(addresses(5), '"2"')
  await nextFetch()
  const first = ['feed.held', app.clock.now]
  await nextFetch()
  t.strictSame(await told(app), [first])
  provider.answer = status(500)
  await nextFetch()
  const failing = ['feed.failing', app.clock.now]
  provider.answer = list(addresses(5), '"2"')
  await nextFetch()
  t.strictSame(await told(app), [first, failing])
  provider.answer = list(addresses(4), '"3"')
  await nextFetch()
  const second = ['feed.held', app.clock.now]
  t.strictSame(await told(app), [first, failing, second])
  provider.answer = good
  await nextFetch()
  provider.answer = list(addresses(4), '"3"')
  await nextFetch()
  t.strictSame(
    await told(app),
    [first, failing, second, ['feed.held', app.clock.now]],
    'a change that comes back is a new one'
  )
})

t.test('a feed becomes stale by time alone, between two fetches, and that is told once', async (t) => {
  const { app, provider, poller, nextFetch, status: now } = await startPolling(t)
  await nextFetch()
  const { record } = await now()
  const staleAt = Number(record.lastSuccess) + 60 * minuteMs
  provider.answer = status(429, { 'retry-after': '86400' })
  await nextFetch()
  const failing = ['feed.failing', app.clock.now]
  await app.timePasses(formatInstant(staleAt - 1))
  await poller.look()
  t.strictSame(await told(app), [failing])
  await app.timePasses(formatInstant(staleAt))
  await poller.look()
  await later(app, minuteMs)
  await poller.look()
  t.strictSame(await told(app), [failing, ['feed.stale', staleAt]])
  t.equal(provider.asked.length, 2, 'nothing was fetched meanwhile')
  await nextFetch()
  t.equal((await told(app)).length, 2)
})

t.test('a service that was down for long tells no stale feed whose list it can fetch', async (t) => {
  const { app, provider, poller, nextFetch } = await startPolling(t)
  await nextFetch()
  await later(app, 24 * hourMs)
  await poller.look()
  t.strictSame(await told(app), [])
  provider.answer = status(500)
  await later(app, 24 * hourMs)
  await poller.look()
  t.match(await told(app), [['feed.stale']], 'and one whose list it cannot fetch as stale, not as failing too')
})

t.test('a list that another process is fetching is not told as stale before that has ended', async (t) => {
  const { app, provider, feed, poller, nextFetch } = await startPolling(t)
  await nextFetch()
  await later(app, 24 * hourMs)
  let goOn = () => {}
  provider.answer = (response, asked) => {
    goOn = () => good(response, asked)
  }
  const fetching = poller.look()
  await eventually('the list is asked for', () => provider.asked.length === 2)
  await pollerOf(t, app, feed).look()
  t.strictSame(await told(app), [])
  goOn()
  await fetching
  t.strictSame(await told(app), [])
})

t.test('two processes on one store tell a state once', async (t) => {
  const { app, provider, feed, poller, nextFetch } = await startPolling(t)
  const neighbour = await startApp(t, { store: app.catalogues.store, isSeeded: false })
  const other = pollerOf(t, neighbour, feed)
  const both = async () => {
    await neighbour.timePasses(formatInstant(app.clock.now))
    await neighbour.catalogues.heads.refresh()
    await Promise.all([poller.look(), other.look()])
  }
  await nextFetch()
  provider.answer = status(429, { 'retry-after': '86400' })
  await later(app, 30 * minuteMs)
  await both()
  await later(app, 60 * minuteMs)
  await both()
  t.match(await told(app), [['feed.failing'], ['feed.stale']])
  const count = (each: TestApp) => each.catalogues.logCounters.byType.get('feed.stale') ?? 0
  t.equal(count(app) + count(neighbour), 1)
})

t.test('a feed without a revision has no event: its state tells it', async (t) => {
  const { app, nextFetch, status: now } = await startPolling(t, { answer: status(500) })
  await nextFetch()
  t.match(await now(), { state: 'failing' })
  t.strictSame(await told(app), [])
})

t.test('a webhook without types is sent what happens to a feed, and a chat gets a link to what is held', async (t) => {
  const post = await startPostOffice(t, { isSeeded: false })
  const { provider, nextFetch } = await startPolling(t, { app: post })
  await nextFetch()
  const [all, chat, others] = [await startReceiver(t), await startReceiver(t), await startReceiver(t)]
  await post.subscribe(all.url)
  await post.subscribe(chat.url, { format: 'text', types: ['feed.held'] })
  await post.subscribe(others.url, { types: ['feed.stale'] })
  provider.answer = list(addresses(5), '"2"')
  await nextFetch()
  await post.deliver()
  const held = `https://portolan.example/v1/feeds/${id}/held`
  t.match(all.received.at(-1)?.event, { type: 'feed.held', catalogue: id, links: { held } })
  const said = JSON.parse(chat.received.at(-1)?.body ?? '{}').text
  t.match(said, `${id}: a change of its feed has been held since`)
  t.ok(said.endsWith(`\n${held}`))
  t.notOk(others.received.some(({ event }) => event.seq !== undefined))
})
