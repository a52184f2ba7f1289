import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { WebSocket } from 'ws'
import { Shares } from '../../src/http/limit/shares.ts'
import { clearswiftPath, startApp } from '../support/app.ts'

/** The answer to a request that stays open, without its body. */
async function open(url: string, headers: Readonly<Record<string, string>> = {}): Promise<IncomingMessage> {
  const asked = httpRequest(url, { headers, agent: false })
  asked.on('error', () => {})
  asked.end()
  const [answer] = await once(asked, 'response')
  answer.on('error', () => {})
  return answer
}

/** A WebSocket of GraphQL, or the status with which its handshake is refused. */
async function socket(
  url: string,
  headers: Readonly<Record<string, string>> = {}
): Promise<WebSocket | IncomingMessage> {
  const opened = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
  opened.on('error', () => {})
  return Promise.race([
    once(opened, 'open').then(() => opened),
    once(opened, 'unexpected-response').then(([_, answer]) => answer)
  ])
}

async function text(answer: IncomingMessage): Promise<string> {
  let all = ''
  for await (const chunk of answer) all += chunk
  return all
}

/** Tries until it goes: a share comes back when the service learns that a client has gone. */
async function until(goes: () => Promise<boolean>): Promise<void> {
  while (!(await goes())) await new Promise((resolve) => setTimeout(resolve, 20))
}

t.test('streams, long polls and WebSockets of an address share one bound, and past it all are busy', async (t) => {
  const app = await startApp(t, { shares: new Shares({ address: 4, key: 6, all: 100 }) })
  const url = await app.listen()
  const stream = `${url}/v1/events/stream`
  const graphqlStream = `${url}/graphql/stream?query=subscription{events{seq}}`
  const waiting = { prefer: 'wait=30' }
  const newest = `${url}/v1/events?after=${app.catalogues.heads.seq}`
  const first = await open(stream)
  t.equal(first.statusCode, 200)
  const live = await socket(url)
  t.ok(live instanceof WebSocket)
  const asked = httpRequest(graphqlStream, {
    method: 'POST',
    agent: false,
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' }
  })
  asked.on('error', () => {})
  asked.end('{"query":"subscription{events{seq}}"}')
  const [following] = await once(asked, 'response')
  t.equal(following.statusCode, 200)
  const poll = httpRequest(newest, { headers: waiting, agent: false })
  poll.on('error', () => {})
  poll.end()
  await until(async () => (await app.request('/metrics')).body.includes('portolan_shares{holder="address"} 4'))

  for (const refused of [await open(stream), await open(newest, waiting), await socket(url)]) {
    if (refused instanceof WebSocket) throw new Error('a WebSocket was opened')
    t.equal(refused.statusCode, 503)
    t.ok(Number(refused.headers['retry-after']) > 0)
    t.match(JSON.parse(await text(refused)), { code: 'busy', status: 503 })
  }
  const more = await fetch(`${url}/graphql/stream`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"subscription{events{seq}}"}'
  })
  t.equal(more.status, 503)

  t.test('plain reads of the same client go on, those with something to say among them', async (t) => {
    for (const path of [clearswiftPath, '/v1/events', `/v1/events?after=${app.catalogues.heads.seq}`, '/v1/delta'])
      t.equal((await fetch(url + path)).status, 200)
    t.equal((await fetch(`${url}/v1/events`, { headers: waiting })).status, 200)
    t.equal((await fetch(stream, { method: 'HEAD' })).status, 200)
  })

  t.test('who has a key has shares of its own', async (t) => {
    const key = await app.key('catalogue:read')
    const opened = [await open(stream, key), await open(stream, key)]
    for (const { statusCode } of opened) t.equal(statusCode, 200)
    const own = await socket(url, key)
    t.ok(own instanceof WebSocket)
    if (own instanceof WebSocket) own.terminate()
    for (const answer of opened) answer.destroy()
  })

  t.test('a share comes back as soon as its holder leaves', async (t) => {
    for (const leave of [
      () => first.destroy(),
      () => live instanceof WebSocket && live.terminate(),
      () => following.destroy(),
      () => poll.destroy()
    ]) {
      leave()
      let next: IncomingMessage | undefined
      await until(async () => {
        next = await open(stream)
        return next.statusCode === 200
      })
      t.equal(next?.statusCode, 200)
    }
    t.equal((await open(stream)).statusCode, 503, 'one for one')
  })
})

t.test('a WebSocket counts among those of the key that its first message presents', async (t) => {
  const app = await startApp(t, { shares: new Shares({ address: 2, key: 3, all: 100 }) })
  const url = await app.listen()
  const { authorization } = await app.key('catalogue:read')
  const connect = async () => {
    const opened = await socket(url)
    if (!(opened instanceof WebSocket)) return opened.statusCode
    opened.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
    t.match(JSON.parse(String((await once(opened, 'message'))[0])), { type: 'connection_ack' })
    return 101
  }
  const opened: unknown[] = []
  for (let one = 0; one < 6; one += 1) opened.push(await connect())
  t.strictSame(opened, [101, 101, 101, 101, 101, 503], 'three of the key, two of the address')
})

t.test('of all that are open a tenth is kept free for keys', async (t) => {
  const app = await startApp(t, { shares: new Shares({ address: 20, key: 20, all: 10 }) })
  const stream = `${await app.listen()}/v1/events/stream`
  for (let one = 0; one < 9; one += 1) t.equal((await open(stream)).statusCode, 200)
  t.equal((await open(stream)).statusCode, 503)
  t.equal((await open(stream, await app.key('catalogue:read'))).statusCode, 200)
  t.equal((await open(stream, await app.key('catalogue:read'))).statusCode, 503)
})

t.test('a hundred subscriptions of one WebSocket are one share, so that eleven of them stop nobody', async (t) => {
  const app = await startApp(t)
  const url = await app.listen()
  for (let one = 0; one < 11; one += 1) {
    const opened = await socket(url)
    if (!(opened instanceof WebSocket)) throw new Error('it was refused')
    opened.send('{"type":"connection_init"}')
    await once(opened, 'message')
    for (let id = 0; id < 100; id += 1)
      opened.send(JSON.stringify({ id: `${id}`, type: 'subscribe', payload: { query: 'subscription{events{seq}}' } }))
  }
  await until(async () => (await app.request('/metrics')).body.includes('portolan_followers 1100\n'))
  t.equal((await open(`${url}/v1/events/stream`)).statusCode, 200)
  for (let one = 0; one < 8; one += 1) await open(`${url}/v1/events/stream`)
  t.equal((await open(`${url}/v1/events/stream`)).statusCode, 503)
  t.equal((await open(`${url}/v1/events/stream`, await app.key('admin'))).statusCode, 200)
})

t.test('requests behind each other on one connection give their shares back when it closes', async (t) => {
  const app = await startApp(t)
  const { hostname, port } = new URL(await app.listen())
  for (const path of ['/v1/events/stream', `/v1/events?after=${app.catalogues.heads.seq}`]) {
    const client = connect(Number(port), hostname)
    client.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nPrefer: wait=30\r\n\r\n`.repeat(5))
    await until(async () => (await app.request('/metrics')).body.includes('portolan_shares{holder="address"} 5\n'))
    client.destroy()
    await until(async () => (await app.request('/metrics')).body.includes('portolan_shares{holder="address"} 0\n'))
    await until(async () => /^portolan_followers 0$/m.test((await app.request('/metrics')).body))
  }
  t.pass('all of them came back')
})

t.test('a thousand that come and go, in whatever way, leave no share behind', async (t) => {
  const app = await startApp(t)
  const url = await app.listen()
  for (let round = 0; round < 25; round += 1) {
    const asked = Array.from({ length: 20 }, (_, index) => {
      const path = index % 2 === 0 ? '/v1/events/stream' : `/v1/events?after=${app.catalogues.heads.seq}`
      const request = httpRequest(url + path, { headers: { prefer: 'wait=30' }, agent: false })
      request.on('error', () => {})
      request.on('response', (answer) => answer.on('error', () => {}).resume())
      request.end()
      return request
    })
    const sockets = Array.from(
      { length: 10 },
      () => new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    )
    for (const each of sockets) each.on('error', () => {})
    await new Promise((resolve) => setTimeout(resolve, round % 5))
    for (const each of asked) each.destroy()
    for (const each of sockets) each.terminate()
  }
  await until(async () => (await app.request('/metrics')).body.includes('portolan_shares{holder="address"} 0\n'))
  t.match((await app.request('/metrics')).body, /^portolan_followers 0$/m)
})
