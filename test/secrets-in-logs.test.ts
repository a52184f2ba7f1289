import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { WebSocket } from 'ws'
import { startReceiver } from './delivery/support/receiver.ts'
import { clearswiftPath } from './support/app.ts'
import { program } from './support/program.ts'
import { startService } from './support/service.ts'

const run = promisify(execFile)

t.test('nothing secret stands in the log, even where it says all that it can', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const database = join(folder, 'portolan.db')
  const environment = {
    PORTOLAN_DATABASE_URL: `sqlite:${database}`,
    PORTOLAN_READ_ACCESS: 'key',
    PORTOLAN_LOG_LEVEL: 'trace',
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on'
  }
  const service = await startService(environment)
  t.teardown(() => void service.stop())
  const secrets = new Map<string, string>()
  const hide = (name: string, text: string) => secrets.set(name, text)
  hide('the key of the store', readFileSync(`${database}.key`, 'utf8').trim())
  hide('the value of a header field', 'of-the-receiver-4711')

  const words = [...program('cli'), 'keys', 'create', '--scope', 'admin', '--json']
  const { stdout } = await run(process.execPath, words, { env: { ...process.env, ...environment } })
  const { id, key } = JSON.parse(stdout)
  hide('a key', key.slice(17, 81))
  const authorization = `Bearer ${key}`
  const ask = async (method: string, path: string, body?: object, more: object = {}) => {
    const headers = { authorization, ...(body && { 'content-type': 'application/json' }), ...more }
    const sent = body && { body: JSON.stringify(body) }
    const answer = await fetch(`${service.address}${path}`, { method, headers, ...sent })
    const text = await answer.text()
    return { status: answer.status, tag: answer.headers.get('etag'), text }
  }
  const keep = (name: string, text: string, shape: RegExp) => {
    const found = shape.exec(text)?.[1]
    t.ok(found, `${name} was seen`)
    if (found) hide(name, found)
  }

  // Keys.
  const made = await ask('POST', '/v1/keys', { name: 'a', scopes: ['admin'] })
  keep('a key that was made', made.text, /"key":"ptl_\w{12}_(\w{64})/)
  keep('a key that was rotated', (await ask('POST', `/v1/keys/${id}/rotate`, {})).text, /"key":"ptl_\w{12}_(\w{64})/)
  await ask('POST', '/v1/keys', { name: 7, key, secret: key })
  await ask('GET', '/v1/me', undefined, { authorization: `Basic ${Buffer.from(`x:${key}`).toString('base64')}` })
  await ask('GET', '/v1/me', undefined, { authorization: `Bearer ${key.replace(/.$/, 'x')}` })

  // The rules of a firewall, and a draft.
  hide('a rule that was pasted', '203.0.113.77')
  for (const [path, field] of [
    ['/audit', 'entries'],
    ['/preview', 'document']
  ] as const) {
    const headers = { authorization, accept: 'text/html' }
    const body = new URLSearchParams({ [field]: '203.0.113.77 tcp/443\nno rule 203.0.113.77' })
    const answer = await fetch(`${service.address}${path}`, { method: 'POST', headers, body })
    t.match([answer.status, await answer.text()], [200, '203.0.113.77'], path)
  }

  // Webhooks, to a receiver that fails, one that hangs up, and one that is not there.
  const receiver = await startReceiver(t, 500, (response) => response.destroy(), 204)
  const gone = await startReceiver(t)
  await gone.close()
  for (const url of [receiver.url, gone.url]) {
    const receiving = { url, asymmetric: true, headers: { 'x-token': 'of-the-receiver-4711' } }
    const subscription = await ask('POST', '/v1/subscriptions', receiving)
    keep(`a secret of ${url}`, subscription.text, /"secret":"whsec_([^"]+)"/)
    const [, name] = /"id":"(sub_\w+)"/.exec(subscription.text) ?? []
    const path = `/v1/subscriptions/${name}`
    await ask('POST', `${path}/activate`)
    await ask('POST', `${path}/ping`)
    keep(`a rotated secret of ${url}`, (await ask('POST', `${path}/rotate-secret`)).text, /"secret":"whsec_([^"]+)"/)
    await ask('PATCH', path, { headers: { 'x-token': 'of-the-receiver-4711', host: 'of-the-receiver-4711' } })
    await ask('GET', `${path}/deliveries`)
  }

  // A publish, a refusal of one, GraphQL over HTTP and a WebSocket, what is no request.
  const document = await ask('GET', `${clearswiftPath}/document`)
  const changed = { ...JSON.parse(document.text), title: 'Another title' }
  const ifMatch = { 'if-match': document.tag ?? '' }
  t.equal((await ask('PUT', `${clearswiftPath}/document`, changed, ifMatch)).status, 201)
  await ask('PUT', `${clearswiftPath}/document`, { ...changed, requirements: 7 }, ifMatch)
  const input = `{url: "${receiver.url}", secret: "whsec_${Buffer.alloc(32, 5).toString('base64')}"}`
  hide('a secret in a mutation', Buffer.alloc(32, 5).toString('base64'))
  await ask('POST', '/graphql', { query: `mutation { createSubscription(input: ${input}) { secret } }` })
  const socket = new WebSocket(`${service.address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization } }))
  await once(socket, 'message')
  socket.send(`{"${key}`)
  await once(socket, 'close')
  while (receiver.received.length < 3) await new Promise((resolve) => setTimeout(resolve, 20))

  await ask('DELETE', `/v1/keys/${id}`)
  await service.stop()
  const log = service.output()
  t.match(log, '/v1/subscriptions', 'requests are in it')
  for (const [name, secret] of secrets) t.notOk(log.includes(secret), name)
  t.notMatch(log, /whsec_|whsk_|ptl_\w{12}_/, 'nor anything that looks like one')
})
