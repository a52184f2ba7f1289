import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import t from 'tap'
import WebSocket from 'ws'
import { missing } from '../render/formats/support/tool.ts'
import { clearswiftPath } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { postgresServer } from '../support/postgres.ts'
import { publisherKey } from '../support/publisher-key.ts'
import { proxyText, startProxy } from './support/proxy.ts'
import { startReplicas } from './support/replicas.ts'

const skip = missing('nginx')
const server = postgresServer(t)

/** Reads that follow each other until they are ended: how many there were, and what was said instead of an answer of 200. */
function reads(ask: () => Promise<Response>): { end(): Promise<{ count: number; failures: readonly string[] }> } {
  let isOver = false
  const read = async () => {
    const answer = await ask()
    await answer.text()
    return answer.status === 200 ? [] : [`status ${answer.status}`]
  }
  const readOn = async () => {
    const failures: string[] = []
    let count = 0
    for (; !isOver; count += 1) failures.push(...(await read().catch((error: unknown) => [String(error)])))
    return { count, failures }
  }
  const reading = readOn()
  return {
    end() {
      isOver = true
      return reading
    }
  }
}

t.test('through the proxy', { skip }, async (t) => {
  const database = await server.database()
  const authorization = `Bearer ${await publisherKey(database)}`
  const replicas = await startReplicas(t, database)
  const proxy = await startProxy(t, replicas.ports)
  const publish = (title: string, precondition = 'if-match') =>
    fetch(`${proxy}/v1/catalogues/product-1/document`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json', [precondition]: '*' },
      body: JSON.stringify(documentInput({ title }))
    })
  t.equal((await publish('The first', 'if-none-match')).status, 201)

  await t.test('a rolling restart fails no read', async (t) => {
    // With a key each read goes to a replica; without one most are answered by the proxy.
    const headers = { authorization }
    let instant = Date.parse('2018-01-01T00:00:00Z')
    const readers = [
      reads(() => fetch(`${proxy}${clearswiftPath}`, { headers })),
      reads(() => fetch(`${proxy}/v1/catalogues`, { headers })),
      reads(() => fetch(`${proxy}${clearswiftPath}`)),
      reads(() => {
        instant += 60_000
        return fetch(`${proxy}${clearswiftPath}/endpoints?effectiveAt=${new Date(instant).toISOString()}`)
      })
    ]
    t.strictSame(await replicas.restartInTurn(), [0, 0], 'each ends well')
    for (const reader of readers) {
      const { count, failures } = await reader.end()
      t.ok(count > 20, `${count} reads`)
      t.strictSame(failures, [])
    }
  })

  await t.test('a subscription over a WebSocket and a long poll wait, and hear of a publish', async (t) => {
    const url = `${proxy.replace('http', 'ws')}/graphql`
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
    t.teardown(() => client.dispose())
    const first = client.iterate<{ events: { seq: number } }>({ query: 'subscription { events { seq } }' }).next()
    await publish('Heard over a WebSocket')
    const seq = (await first).value?.data?.events.seq
    t.type(seq, 'number')

    const poll = fetch(`${proxy}/v1/events?after=${seq}`, { headers: { prefer: 'wait=60' } })
    t.equal(await Promise.race([poll, sleep(300, 'waits')]), 'waits')
    await publish('Heard by a poll')
    t.match(await (await poll).json(), { items: [{ catalogue: 'product-1' }] })
  })

  await t.test('a stream is passed on event by event', async (t) => {
    const gone = new AbortController()
    const stream = await fetch(`${proxy}/v1/events/stream`, { signal: gone.signal })
    t.equal(stream.headers.get('content-type'), 'text/event-stream')
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader()
    await publish('Heard in a stream')
    let text = ''
    while (!text.includes('product-1')) text += (await reader?.read())?.value ?? ''
    gone.abort()
  })

  await t.test('nobody else says under which address the service was asked', async (t) => {
    const answer = await fetch(`${proxy}${clearswiftPath}`, {
      headers: { authorization, 'x-forwarded-host': 'evil.example', 'x-forwarded-prefix': '/evil' }
    })
    t.match(answer.headers.get('link'), `<${proxy}${clearswiftPath}?`)
  })

  await t.test('without the words that send a request on, a replica that is gone is noticed', async (t) => {
    const text = proxyText.replace(/proxy_next_upstream .*;/, 'proxy_next_upstream off;')
    const [port = 0] = replicas.ports
    const statusesOf = async (proxy: string) => {
      const statuses = new Set<number>()
      for (let count = 0; count < 6; count += 1)
        statuses.add((await fetch(`${proxy}${clearswiftPath}`, { headers: { prefer: 'wait=0' } })).status)
      return statuses
    }
    // Nobody listens at port 1.
    t.strictSame(await statusesOf(await startProxy(t, [port, 1], text)), new Set([200, 503]))
    t.strictSame(await statusesOf(await startProxy(t, [port, 1])), new Set([200]))
    const away = await fetch(`${await startProxy(t, [1])}${clearswiftPath}`)
    t.equal(away.status, 503)
    t.equal(away.headers.get('content-type'), 'application/problem+json')
    t.equal(away.headers.get('retry-after'), '1')
    t.match(await away.json(), { code: 'not_ready', status: 503, type: '/problems/not_ready' })
  })
})
