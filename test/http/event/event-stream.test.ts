import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { EventSource } from 'eventsource'
import t from 'tap'
import type { Change } from '../../../src/domain/change/change.ts'
import { catalogueEventTypes } from '../../../src/domain/event/event.ts'
import { documentOf, publicationOf } from '../../store/support/documents.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const types = catalogueEventTypes

async function publish(app: TestApp, id: string, label: string, rest: object = {}): Promise<void> {
  const { statusCode } = await app.request({
    method: 'PUT',
    url: `/v1/catalogues/${id}/document`,
    headers: {
      'content-type': 'application/json',
      ...(await app.key('catalogue:publish')),
      ...(label === '1' ? { 'if-none-match': '*' } : { 'if-match': '*' })
    },
    payload: JSON.stringify(documentInput({ id, edition: { label, summary: 'What is new' }, ...rest }))
  })
  if (statusCode !== 201) throw new Error(`answered ${statusCode}`)
}

interface Heard {
  readonly id: string
  readonly type: string
  readonly seq: number
  readonly prevSeq: number
}

/** A client of the stream, with what it heard. */
function listen(t: { teardown(close: () => void): void }, url: string): { readonly heard: Heard[]; close(): void } {
  const source = new EventSource(url)
  const heard: Heard[] = []
  for (const type of types)
    source.addEventListener(type, ({ data, lastEventId }) => heard.push({ ...JSON.parse(data), id: lastEventId, type }))
  t.teardown(() => source.close())
  return { heard, close: () => source.close() }
}

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 5))
}
const seqs = (heard: readonly Heard[]) => heard.map(({ seq }) => seq)
const upTo = (last: number, first = 1) => Array.from({ length: last - first + 1 }, (_, index) => first + index)

t.test('a stream replays the log, goes on with what comes, and loses and doubles nothing', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const address = await app.listen()
  const publishMany = async (from: number, to: number) => {
    for (let label = from; label <= to; label += 1) await publish(app, 'a', String(label))
  }
  await publishMany(1, 10)
  const going = publishMany(11, 40)
  const clients: ReturnType<typeof listen>[] = []
  for (let count = 0; count < 8; count += 1) {
    clients.push(listen(t, `${address}/v1/events/stream?after=${count}`))
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  await going
  for (const [after, { heard }] of clients.entries()) {
    await until(() => heard.at(-1)?.seq === 40)
    t.same(seqs(heard), upTo(40, after + 1))
    t.ok(heard.every(({ seq, id, prevSeq }) => id === `${app.catalogues.store.epoch}-${seq}` && prevSeq === seq - 1))
  }
})

t.test('a client that connects again goes on after the last event that it saw', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const address = await app.listen()
  for (const label of ['1', '2', '3']) await publish(app, 'a', label)
  const read = async (headers: Record<string, string>, query = '') => {
    const abort = new AbortController()
    const answer = await fetch(`${address}/v1/events/stream${query}`, { headers, signal: abort.signal })
    t.equal(answer.headers.get('content-type'), 'text/event-stream')
    t.equal(answer.headers.get('cache-control'), 'no-store')
    t.equal(answer.headers.get('portolan-epoch'), app.catalogues.store.epoch)
    let text = ''
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString()
      if (text.includes('-3\n') && text.endsWith('\n\n')) break
    }
    abort.abort()
    for (const [, id] of text.matchAll(/^id: (.+)-\d+$/gm)) t.equal(id, epoch, 'an id names the epoch')
    t.equal(text.includes('event: catalogue.'), !query.includes('named=false'))
    return [...text.matchAll(/^id: .+-(\d+)$/gm)].map(([, id]) => id)
  }
  const { epoch } = app.catalogues.store
  t.same(await read({ 'last-event-id': '1' }), ['2', '3'])
  t.same(await read({ 'last-event-id': '2' }, '?after=0'), ['3'], 'it goes before the parameter')
  t.same(await read({}, '?after=1'), ['2', '3'])
  t.same(await read({ 'last-event-id': `${epoch}-2` }), ['3'], 'the id of an event')
  t.same(
    await read({}, `?lastEventId=${epoch}-1&after=2&named=false`),
    ['2', '3'],
    'the parameter for clients without header'
  )
  t.same(await read({ 'last-event-id': '2' }, '?lastEventId=1'), ['3'], 'the header field goes before both')
  for (const gone of ['0123456789abcdef-1', `${epoch}-999999`, '999999'])
    t.same(await read({ 'last-event-id': gone }), ['0', '1', '2', '3'], 'a place of another store begins again')
  const { body } = await fetch(`${address}/v1/events/stream?after=4`)
  const chunk = await body?.getReader().read()
  t.match(
    Buffer.from(chunk?.value ?? []).toString(),
    `id: ${epoch}-0\nevent: reset\ndata: {"epoch":"${epoch}","seq":3}\n\n`
  )
  const ahead = await app.request('/v1/events?after=4')
  t.match([ahead.statusCode, ahead.json()], [410, { code: 'epoch_changed', epoch, seq: 3 }])
  t.equal(ahead.headers.link, '</v1/events>; rel="start"')
  const asked = await app.request({
    method: 'POST',
    url: '/graphql',
    headers: { 'content-type': 'application/json' },
    payload: JSON.stringify({ query: '{ events(after: 4) { nodes { seq } } }' })
  })
  t.match(asked.json(), { errors: [{ extensions: { code: 'epoch_changed' } }] })
  for (const url of ['/v1/events/stream?after=x', '/v1/events/stream?limit=1', '/v1/events/stream?type=x'])
    t.equal((await app.request(url)).statusCode, 400, url)
  t.equal((await app.request({ url: '/v1/events/stream', headers: { 'last-event-id': '-1' } })).statusCode, 400)
  const head = await app.request({ method: 'HEAD', url: '/v1/events/stream' })
  t.match(head.headers, { 'content-type': 'text/event-stream' })
})

t.test('a filtered stream tells of each event the one before that matches too', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const address = await app.listen()
  await publish(app, 'a', '1')
  await publish(app, 'b', '1')
  const { heard } = listen(t, `${address}/v1/events/stream?catalogue=b`)
  await until(() => heard.length === 1)
  await publish(app, 'a', '2')
  await publish(app, 'b', '2')
  await until(() => heard.length === 2)
  t.same(
    heard.map(({ seq, prevSeq }) => [seq, prevSeq]),
    [
      [2, 0],
      [4, 2]
    ]
  )
})

t.test('a transition is on the stream when it is told', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2020-01-01T00:00:00Z' })
  const address = await app.listen()
  const endpoints = [
    { kind: 'host', value: 'a.example.net' },
    { kind: 'host', value: 'b.example.net', until: '2020-01-02' }
  ]
  const { heard } = listen(t, `${address}/v1/events/stream?type=catalogue.transitioned`)
  await publish(app, 'a', '1', { requirements: [requirementInput({ endpoints })] })
  await app.timePasses('2020-01-02T00:00:00Z')
  await until(() => heard.length === 1)
  t.match(heard, [{ type: 'catalogue.transitioned', effectiveAt: '2020-01-02T00:00:00Z', prevSeq: 0 }])
})

/** A raw client: what it received so far, without taking more while it is paused. */
async function open(t: { teardown(close: () => void): void }, address: string): Promise<Socket> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  t.teardown(() => socket.destroy())
  await once(socket, 'connect')
  socket.write('GET /v1/events/stream HTTP/1.1\r\nhost: portolan\r\n\r\n')
  return socket
}

t.test('without events there is a sign of life', async (t) => {
  const app = await startApp(t, { isSeeded: false, pace: { heartbeatMs: 20, patienceMs: 1000 } })
  const socket = await open(t, await app.listen())
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  await until(() => (text.match(/^:$/gm) ?? []).length >= 3)
  t.notMatch(text, /^(id|data|event):/m)
})

const large: Change = { op: 'changed', pointer: '/title', before: 'x'.repeat(50_000), impact: 'informs' }

t.test('a client that does not read is closed, and never more than an event is kept for it', async (t) => {
  const app = await startApp(t, { isSeeded: false, pace: { heartbeatMs: 20, patienceMs: 300 } })
  const address = await app.listen()
  // More in all than the buffers of both sockets hold.
  for (let number = 1; number <= 400; number += 1) {
    const [before, after] = [number - 1, number].map((label) => documentOf([], { label: String(label) }))
    const { events, ...publication } = publicationOf(number === 1 ? undefined : before, after ?? documentOf([]), number)
    await app.catalogues.store.commit({
      ...publication,
      events: events.map((event) => ({ ...event, changes: [large] }))
    })
  }
  await app.catalogues.heads.refresh()
  const socket = await open(t, address)
  socket.pause()
  const before = process.memoryUsage().arrayBuffers
  const gauge = async () => Number(/^portolan_followers (\d+)/m.exec((await app.request('/metrics')).body)?.[1])
  await until(async () => (await gauge()) === 1)
  await until(async () => (await gauge()) === 0)
  t.ok(process.memoryUsage().arrayBuffers - before < 5_000_000)
  socket.resume()
  await once(socket, 'close')
})

t.test('streams end when the service does', async (t) => {
  const app = await startApp(t)
  const socket = await open(t, await app.listen())
  let text = ''
  socket.on('data', (chunk) => {
    text += chunk.toString()
  })
  await until(() => text.includes('-2\n'))
  const closed = once(socket, 'close')
  await app.close()
  await closed
  t.match(text, /0\r\n\r\n$/, 'with the last chunk of the answer')
})
