import t from 'tap'
import { startApp, type TestApp } from '../../support/app.ts'
import { documentInput } from '../../support/document.ts'

async function publish(app: TestApp, id: string, label = '1'): Promise<void> {
  const { statusCode } = await app.request({
    method: 'PUT',
    url: `/v1/catalogues/${id}/document`,
    headers: {
      'content-type': 'application/json',
      ...(await app.key('catalogue:publish')),
      ...(label === '1' ? { 'if-none-match': '*' } : { 'if-match': '*' })
    },
    payload: JSON.stringify(documentInput({ id, edition: { label, summary: 'What is new' } }))
  })
  if (statusCode !== 201) throw new Error(`answered ${statusCode}`)
}

const wait = (seconds: number) => ({ prefer: `wait=${seconds}` })
const waiting = async (app: TestApp) =>
  Number(/^portolan_followers (\d+)/m.exec((await app.request('/metrics')).body)?.[1])
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}

t.test('who prefers to wait gets the first event that matches, when it comes', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  await publish(app, 'a')
  const url = '/v1/events?after=1&catalogue=b'
  const answer = app.request({ url, headers: wait(30) })
  await until(async () => (await waiting(app)) === 1)
  await publish(app, 'a', '2')
  t.equal(await waiting(app), 1, 'an event of another catalogue does not end it')
  await publish(app, 'b')
  const { statusCode, headers, ...rest } = await answer
  t.equal(statusCode, 200)
  t.equal(headers['preference-applied'], 'wait=30')
  t.equal(headers['portolan-seq'], '3')
  t.match(rest.json(), { items: [{ seq: 3, prevSeq: 0, catalogue: 'b', type: 'catalogue.created' }] })
  t.equal(await waiting(app), 0)
  const again = await app.request(url)
  t.notOk('preference-applied' in again.headers, 'the wait is not kept with the answer')
})

t.test('what is there is answered at once', async (t) => {
  const app = await startApp(t)
  for (const url of ['/v1/events', '/v1/events?after=1', '/v1/events?limit=1']) {
    const { headers, ...rest } = await app.request({ url, headers: wait(60) })
    t.ok(rest.json().items.length > 0)
    t.notOk('preference-applied' in headers)
  }
  for (const prefer of ['wait=0', 'wait=-1', 'respond-async', 'wait', 'await=9', '']) {
    const { headers, ...rest } = await app.request({ url: '/v1/events?after=2', headers: { prefer } })
    t.equal(rest.json().items.length, 0, prefer)
    t.notOk('preference-applied' in headers)
  }
})

t.test('a wait ends without an event too, and is bounded', async (t) => {
  const app = await startApp(t)
  const { headers, ...rest } = await app.request({ url: '/v1/events?after=2', headers: wait(1) })
  t.same(rest.json().items, [])
  t.equal(headers['preference-applied'], 'wait=1')
  const { etag = '' } = headers
  const same = await app.request({ url: '/v1/events?after=2', headers: { ...wait(1), 'if-none-match': etag } })
  t.equal(same.statusCode, 304, 'who has the empty page waits for another one')

  const long = app.request({ url: '/v1/events?after=2', headers: { prefer: 'respond-async, wait=86400' } })
  await until(async () => (await waiting(app)) === 1)
  await publish(app, 'b')
  t.equal((await long).headers['preference-applied'], 'wait=60')
})

t.test('who has gone is not waited for, and who waits is answered when the service ends', async (t) => {
  const app = await startApp(t)
  const address = await app.listen()
  const gone = new AbortController()
  const left = fetch(`${address}/v1/events?after=2`, { headers: wait(60), signal: gone.signal }).catch(() => 'gone')
  await until(async () => (await waiting(app)) === 1)
  gone.abort()
  t.equal(await left, 'gone')
  await until(async () => (await waiting(app)) === 0)

  const stays = fetch(`${address}/v1/events?after=2`, { headers: wait(60) })
  await until(async () => (await waiting(app)) === 1)
  await app.close()
  const { status } = await stays
  t.equal(status, 200)
})

t.test('the links of a transition lead to what the clock moves', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2020-01-01T00:00:00Z', publicUrl: 'http://portolan.example' })
  const endpoints = [
    { kind: 'host', value: 'a.example.net' },
    { kind: 'host', value: 'b.example.net', until: '2020-01-02' }
  ]
  await app.request({
    method: 'PUT',
    url: '/v1/catalogues/product-1/document',
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...(await app.key('catalogue:publish')) },
    payload: JSON.stringify(documentInput({ requirements: [{ ...documentInput().requirements[0], endpoints }] }))
  })
  await app.timePasses('2020-01-02T00:00:00Z')
  const [created, transition] = (await app.request('/v1/events')).json().items
  t.notOk('diff' in created.links)
  const read = async (link: string) => (await app.request(link.replace('http://portolan.example', ''))).json()
  const { changes } = await read(transition.links.diff)
  t.same(changes, transition.changes)
  t.match(changes, [{ op: 'removed', impact: 'closes', endpoint: { value: 'b.example.net' } }])
  t.equal((await read(transition.links.view)).requirements[0].endpoints.length, 1)
})
