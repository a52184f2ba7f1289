import { setTimeout as sleep } from 'node:timers/promises'
import { createClient } from 'graphql-ws'
import t from 'tap'
import WebSocket from 'ws'
import { missing } from '../render/formats/support/tool.ts'
import { clearswiftPath } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { postgresServer } from '../support/postgres.ts'
import { publisherKey } from '../support/publisher-key.ts'
import { runs } from '../support/scale.ts'
import { proxyText, startProxy } from './support/proxy.ts'
import { startReplicas } from './support/replicas.ts'

const skip = missing('nginx')
const server = postgresServer(t)

/** Requests that follow each other until they are ended: how many there were, and what was said instead of an answer that is right. */
function requests(
  ask: () => Promise<Response>,
  right: readonly number[] = [200]
): { end(): Promise<{ count: number; failures: readonly string[] }> } {
  let isOver = false
  const request = async () => {
    const answer = await ask()
    await answer.text()
    return right.includes(answer.status) ? [] : [`status ${answer.status}`]
  }
  const goOn = async () => {
    const failures: string[] = []
    let count = 0
    for (; !isOver; count += 1) failures.push(...(await request().catch((error: unknown) => [String(error)])))
    return { count, failures }
  }
  const going = goOn()
  return {
    end() {
      isOver = true
      return going
    }
  }
}

t.test('through the proxy', { skip }, async (t) => {
  const database = await server.database()
  const authorization = `Bearer ${await publisherKey(database)}`
  const replicas = await startReplicas(t, database)
  const proxy = await startProxy(t, replicas.ports)
  const put = (id: string, title: string, precondition: Record<string, string>) =>
    fetch(`${proxy}/v1/catalogues/${id}/document`, {
      method: 'PUT',
      headers: { authorization, 'content-type': 'application/json', ...precondition },
      body: JSON.stringify(documentInput({ id, title }))
    })
  const publish = (title: string, precondition = 'if-match') => put('product-1', title, { [precondition]: '*' })
  t.equal((await publish('The first', 'if-none-match')).status, 201)

  await t.test('a rolling restart fails no read and no publish', async (t) => {
    // With a key each read goes to a replica; without one most are answered by the proxy.
    const headers = { authorization }
    let instant = Date.parse('2018-01-01T00:00:00Z')
    const readers = [
      requests(() => fetch(`${proxy}${clearswiftPath}`, { headers })),
      requests(() => fetch(`${proxy}/v1/catalogues`, { headers })),
      requests(() => fetch(`${proxy}${clearswiftPath}`)),
      requests(() => {
        instant += 60_000
        return fetch(`${proxy}${clearswiftPath}/endpoints?effectiveAt=${new Date(instant).toISOString()}`)
      })
    ]
    t.equal((await put('restarted', 'The first', { 'if-none-match': '*' })).status, 201)
    let turn = 0
    // What is sent to the other replica after it was committed is equal to the head: 200.
    const publisher = requests(() => {
      turn += 1
      return put('restarted', `Turn ${turn}`, { 'if-match': '*' })
    }, [200, 201])
    t.strictSame(await replicas.restartInTurn(), [0, 0], 'each ends well')
    const published = await publisher.end()
    t.ok(published.count > 10, `${published.count} publishes`)
    t.strictSame(published.failures, [])
    const last = await put('restarted', 'The last', { 'if-match': '*' })
    // The other replica may know the last revision a few milliseconds later.
    const knowing = { authorization, 'portolan-min-seq': String(last.headers.get('portolan-seq')) }
    const ask = () => fetch(`${proxy}/v1/catalogues/restarted/revisions?limit=1`, { headers: knowing })
    let newest = await ask()
    while (newest.status === 503) newest = await ask()
    t.match(await newest.json(), { items: [{ number: published.count + 2 }] }, 'each is there once')
    for (const reader of readers) {
      const { count, failures } = await reader.end()
      t.ok(count > 20, `${count} reads`)
      t.strictSame(failures, [])
    }
  })

  await t.test('what was just published is denied by no replica', async (t) => {
    const wrong: string[] = []
    const delays: number[] = []
    const tries = runs(100)
    // Each is asked twice, so that both replicas answer, and with a key, so that the proxy does not.
    const expect = async (what: string, path: string, right: (answer: Response) => boolean | Promise<boolean>) => {
      const answers = await Promise.all([1, 2].map(() => fetch(`${proxy}${path}`, { headers: { authorization } })))
      for (const answer of answers) if (!(await right(answer))) wrong.push(`${what}: ${answer.status}`)
    }
    const isThere = ({ status }: Response) => status === 200
    for (let index = 0; index < tries; index += 1) {
      const id = `known-${index}`
      const path = `/v1/catalogues/${id}`
      const first = await put(id, 'One', { 'if-none-match': '*' })
      await expect('a new catalogue', path, isThere)
      const second = await put(id, 'Two', { 'if-match': first.headers.get('etag') ?? '' })
      if (second.status !== 201) wrong.push(`the tag of the head: ${second.status}`)
      await expect('a new revision', `${path}?asOf=2`, isThere)
      const third = await put(id, 'Three', { 'if-match': '*' })
      const seq = third.headers.get('portolan-seq') ?? ''
      const committed = performance.now()
      const known = await Promise.all(
        [1, 2].map(() => fetch(`${proxy}${path}`, { headers: { authorization, 'portolan-min-seq': seq } }))
      )
      delays.push(performance.now() - committed)
      for (const answer of known)
        if (!(await answer.text()).includes('Three')) wrong.push(`an event that must be known: ${answer.status}`)
      const back = await put(id, 'Two', { 'if-match': second.headers.get('etag') ?? '' })
      if (back.status !== 412) wrong.push(`what was the head before: ${back.status}`)
    }
    t.strictSame(wrong, [])
    const median = delays.sort((a, b) => a - b)[Math.floor(tries / 2)] ?? 0
    t.comment(`${tries} tries; both replicas tell of a publish after ${median.toFixed(1)} ms (median)`)
  })

  await t.test('a subscription over a WebSocket and a long poll wait, and hear of a publish', async (t) => {
    const url = `${proxy.replace('http', 'ws')}/graphql`
    const client = createClient({ url, webSocketImpl: WebSocket, retryAttempts: 0 })
    t.teardown(() => client.dispose())
    // It may take longer to subscribe than to publish.
    const after = Number((await fetch(`${proxy}/v1/catalogues`)).headers.get('portolan-seq'))
    const query = `subscription { events(after: ${after}) { seq } }`
    const first = client.iterate<{ events: { seq: number } }>({ query }).next()
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
