import t from 'tap'
import { acceptHeld, heldChange } from '../../src/catalogue/polling/held-change.ts'
import { loadDocument } from '../../src/catalogue/read/document.ts'
import { hourMs, minuteMs } from '../../src/domain/time/duration.ts'
import { formatInstant } from '../../src/domain/time/instant.ts'
import { eventually } from '../support/eventually.ts'
import { addresses, id, pollerOf, startPolling } from './support/polling.ts'
import { list, status } from './support/provider.ts'

t.test('a list is fetched at once, published, and then asked for conditionally', async (t) => {
  const { app, provider, nextFetch, status: now, revisions } = await startPolling(t)
  t.match(await now(), { state: 'new' })
  await nextFetch()
  t.match(await now(), { state: 'current', record: { lastFetch: { outcome: 'published', status: 200 } } })
  t.equal(revisions(), 1)
  t.equal(app.catalogues.heads.get(id)?.revision.author, `feed:${id}`)
  const seq = app.catalogues.heads.seq
  for (let fetches = 0; fetches < 3; fetches += 1) await nextFetch()
  t.equal(provider.asked.length, 4, 'one request for each')
  t.equal(provider.asked.at(-1)?.headers['if-none-match'], '"1"')
  t.match(await now(), { state: 'current', record: { lastFetch: { outcome: 'not-modified', status: 304 } } })
  t.equal(app.catalogues.heads.seq, seq, 'and neither a revision nor an event')
})

t.test('an ETag that moves alone makes no revision, and the newest one is asked with', async (t) => {
  const { provider, nextFetch, status: now, revisions } = await startPolling(t)
  await nextFetch()
  provider.answer = list(addresses(20), '"2"')
  await nextFetch()
  t.match(await now(), { record: { lastFetch: { outcome: 'unchanged', status: 200 } } })
  await nextFetch()
  t.equal(provider.asked.at(-1)?.headers['if-none-match'], '"2"')
  t.equal(revisions(), 1)
})

t.test('what fails changes nothing, is asked for less and less often, and is stale after four periods', async (t) => {
  const { app, provider, nextFetch, status: now, values } = await startPolling(t)
  await nextFetch()
  const before = await values()
  const bad = [
    status(500),
    list('<html><title>502 Bad Gateway</title></html>', '"x"'),
    list('', '"x"'),
    status(429, { 'retry-after': '7200' })
  ] as const
  const waits: number[] = []
  for (const answer of bad) {
    provider.answer = answer
    await nextFetch()
    const { record } = await now()
    waits.push((record.next - app.clock.now) / minuteMs)
    t.equal(record.lastFetch?.outcome, 'failed')
  }
  t.strictSame(waits, [15, 30, 60, 120], 'doubled; the last as long as the source asks for')
  t.match(await now(), { state: 'stale', record: { failures: 4, reason: 'the source answered 429' } })
  t.strictSame(await values(), before)
  for (let failures = 0; failures < 8; failures += 1) await nextFetch()
  t.equal(((await now()).record.next - app.clock.now) / hourMs, 24, 'and at most a day')
  provider.answer = list(addresses(20), '"1"')
  await nextFetch()
  t.match(await now(), { state: 'current' })
  t.equal(provider.asked.at(-1)?.headers['if-none-match'], '"1"', 'what was accepted is not forgotten')
})

t.test('the reason of a failure says what came, and no query of the URL', async (t) => {
  const { provider, nextFetch, status: now } = await startPolling(t)
  provider.answer = list('<html><title>502 Bad Gateway</title></html>', '"x"')
  await nextFetch()
  const { state, record } = await now()
  t.equal(state, 'failing')
  t.match(record.reason, /502 Bad Gateway/)
  t.notMatch(record.reason, /secret/)
})

t.test('what vanishes lingers, and loses its end where it comes back', async (t) => {
  const { app, provider, nextFetch, values, revisions } = await startPolling(t, { lingerMs: 24 * hourMs })
  await nextFetch()
  provider.answer = list(addresses(19), '"2"')
  await nextFetch()
  t.equal((await values())['20.50.1.20'], formatInstant(app.clock.now + 24 * hourMs))
  t.equal(revisions(), 2)
  await nextFetch()
  t.equal(revisions(), 2, 'a later fetch does not push the end on')
  provider.answer = list(addresses(20), '"3"')
  await nextFetch()
  t.equal((await values())['20.50.1.20'], undefined)
  t.equal(revisions(), 3)
})

t.test('a change settles: two fetches must agree, and what flaps between them is never published', async (t) => {
  const { provider, nextFetch, status: now, revisions } = await startPolling(t, { settleMs: 10 * minuteMs })
  await nextFetch()
  t.equal(revisions(), 0)
  t.match(await now(), { record: { pending: {} } })
  await nextFetch()
  t.equal(revisions(), 1)
  for (let flaps = 0; flaps < 3; flaps += 1) {
    provider.answer = list(addresses(21), '"2"')
    await nextFetch()
    provider.answer = list(addresses(20), '"1"')
    await nextFetch()
  }
  t.equal(revisions(), 1, 'A, B, A, B, A')
  t.equal((await now()).record.pending, undefined)
})

t.test('what a guard rail refuses is held, and published as it was shown when a person accepts it', async (t) => {
  const { app, provider, nextFetch, status: now, values, revisions } = await startPolling(t)
  await nextFetch()
  const before = await values()
  provider.answer = list(addresses(5), '"2"')
  await nextFetch()
  const held = await now()
  t.match(held, { state: 'held', record: { lastFetch: { outcome: 'held' }, held: { since: app.clock.now } } })
  t.strictSame(await values(), before, 'the head stays as it is')
  const shown = await heldChange(app.catalogues, id)
  t.match(shown.held.findings, [{ rule: 'mass_removal' }])
  t.equal(shown.changes.length, 15)
  await nextFetch()
  t.equal((await now()).record.held?.since, held.record.held?.since, 'held since the first time')
  await t.rejects(acceptHeld(app.catalogues, { id, reason: 'It is right', digest: `sha256:${'0'.repeat(64)}` }), {
    code: 'precondition_failed'
  })
  const accepted = await acceptHeld(app.catalogues, { id, reason: 'It is right', digest: shown.held.content })
  t.match(accepted.revision, { number: 2, reason: 'It is right', overrides: ['mass_removal'] })
  t.equal(Object.keys(await values()).length, 5)
  t.match(await now(), { state: 'current' })
  await t.rejects(acceptHeld(app.catalogues, { id, reason: 'Again' }), { code: 'not_found' })
  await nextFetch()
  t.match(await now(), { state: 'current', record: { lastFetch: { outcome: 'not-modified' } } })
  t.equal(revisions(), 2)
})

t.test('what is held is replaced where the source changes, and dropped where it goes back', async (t) => {
  const { app, provider, nextFetch, status: now, revisions } = await startPolling(t)
  await nextFetch()
  provider.answer = list(addresses(5), '"2"')
  await nextFetch()
  const first = await now()
  provider.answer = list(addresses(4), '"3"')
  await nextFetch()
  const second = await now()
  t.not(second.record.held?.content, first.record.held?.content)
  t.equal((await heldChange(app.catalogues, id)).changes.length, 16)
  provider.answer = status(500)
  await nextFetch()
  t.match((await now()).record.held?.content, second.record.held?.content, 'a failure forgets nothing')
  provider.answer = list(addresses(20), '"1"')
  await nextFetch()
  t.match(await now(), { state: 'current' })
  await t.rejects(heldChange(app.catalogues, id), { code: 'not_found' })
  t.equal(revisions(), 1)
})

t.test('two processes fetch a list once, and so do two who ask at once', async (t) => {
  const { app, provider, feed, poller, status: now } = await startPolling(t)
  const other = pollerOf(t, app, feed)
  await Promise.all([poller.look(), other.look()])
  t.equal(provider.asked.length, 1)
  await Promise.all([poller.fetchNow(feed), poller.fetchNow(feed), other.fetchNow(feed)])
  t.equal(provider.asked.length, 2)
  t.match(await now(), { record: { lastFetch: { outcome: 'not-modified' } } })
})

t.test(
  'a process that starts fetches what is due, goes on where another stopped, and asks anew after a hand import',
  async (t) => {
    const { app, provider, feed, nextFetch, status: now } = await startPolling(t)
    await nextFetch()
    const restarted = pollerOf(t, app, feed)
    await restarted.look()
    t.equal(provider.asked.length, 1, 'nothing is due')
    await app.timePasses(formatInstant((await now()).record.next))
    await restarted.look()
    t.equal(provider.asked.at(-1)?.headers['if-none-match'], '"1"')
    const head = app.catalogues.heads.get(id)
    const document = head && (await loadDocument(app.catalogues, head.revision))
    const key = await app.key('admin')
    const published = await app.request({
      method: 'PUT',
      url: `/v1/catalogues/${id}/document`,
      headers: { ...key, 'if-match': '*', 'content-type': 'application/json' },
      payload: JSON.stringify({ ...document, title: 'Another title' })
    })
    t.equal(published.statusCode, 201)
    await nextFetch()
    t.equal(provider.asked.at(-1)?.headers['if-none-match'], undefined, 'the head is another than what was accepted')
  }
)

t.test('a process that stops gives up what it fetches and takes in, and another one begins anew at once', async (t) => {
  const { app, provider, feed, poller, status: now } = await startPolling(t, { answer: () => {} })
  const fetching = poller.look()
  await eventually('the provider is asked', () => provider.asked.length === 1)
  await poller.close()
  await fetching
  t.match(await now(), { state: 'new', record: { failures: 0 } }, 'that is no failure of the source')
  provider.answer = list(addresses(20), '"1"')
  let isTaken = false
  const reading = pollerOf(t, app, feed, undefined, async (_list, givenUp) => {
    isTaken = true
    return new Promise((_, reject) => givenUp.addEventListener('abort', () => reject(new Error('given up'))))
  })
  const taking = reading.fetchNow(feed).catch((error: unknown) => error)
  await eventually('the list is being read', () => isTaken)
  await reading.close()
  t.match(await taking, { code: 'not_ready' })
  const other = pollerOf(t, app, feed)
  await other.look()
  t.match(await now(), { state: 'current', record: { lastFetch: { outcome: 'published' } } })
})
