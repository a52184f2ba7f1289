import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import t from 'tap'
import { Egress, type EgressOptions } from '../../src/delivery/egress.ts'
import { Receivers } from '../../src/delivery/receivers.ts'
import { PortolanError } from '../../src/domain/errors.ts'
import type { Outcome } from '../../src/domain/webhook/outcome.ts'
import { portolan, temporary } from '../cli/support/portolan.ts'
import { eventually } from '../support/eventually.ts'
import { startService } from '../support/service.ts'
import { startReceiver } from './support/receiver.ts'

interface Made {
  readonly address: string
  readonly reason: string
}

/** A guard that asks no one, over plain HTTP to any port. */
function guard(options: Partial<EgressOptions> = {}): Egress {
  return new Egress({
    policy: { allow: [], allowsHttp: true },
    lookup: async () => Promise.reject(new Error('ENOTFOUND')),
    connectMs: 2000,
    ...options
  })
}

/** What a subscription to a URL would be refused for; undefined: for nothing. */
async function creating(egress: Egress, url: string): Promise<Made | undefined> {
  try {
    await egress.check(url)
    return undefined
  } catch (error) {
    if (!(error instanceof PortolanError) || error.code !== 'egress_refused') throw error
    const { address, reason } = Object(error.extra)
    return { address, reason }
  }
}

/** What comes of a request to a URL that was let in when more was allowed. */
async function sending(egress: Egress, url: string): Promise<Outcome> {
  const receivers = new Receivers({ egress, deadlineMs: 3000 })
  try {
    return await receivers.send({ subscription: 'sub_1', url, headers: {}, body: '{}' })
  } finally {
    await receivers.close()
  }
}

const loopback = { address: '127.0.0.1', reason: /not a public address \(loopback\)/ }
const inLoopback = (address: string, range: string) => ({
  address,
  reason: new RegExp(`not a public address \\(${range}\\)`)
})

/** What is written for a host, and as what it is refused, by the creation and by the connection alike. */
const literals: readonly (readonly [notation: string, host: string, refused: { address: string; reason: RegExp }])[] = [
  ['as it is', '127.0.0.1', loopback],
  ['short form', '127.1', loopback],
  ['short form of three parts', '127.0.1', loopback],
  ['decimal', '2130706433', loopback],
  ['hexadecimal', '0x7f000001', loopback],
  ['hexadecimal short form', '0x7f.1', loopback],
  ['octal', '0177.0.0.1', loopback],
  ['octal, whole', '017700000001', loopback],
  ['full-width digits', '１２７.０.０.１', loopback],
  ['enclosed digits', '①②⑦.⓪.⓪.①', loopback],
  ['ideographic full stops', '127。0。0。1', loopback],
  ['trailing dot', '127.0.0.1.', loopback],
  ['percent signs', '%31%32%37.0.0.1', loopback],
  ['zero', '0', inLoopback('0.0.0.0', 'unspecified')],
  ['all zeros', '0.0.0.0', inLoopback('0.0.0.0', 'unspecified')],
  ['private, decimal', '167772161', inLoopback('10.0.0.1', 'private')],
  ['private, octal', '0300.0250.1.1', inLoopback('192.168.1.1', 'private')],
  ['IPv6 loopback', '[::1]', inLoopback('::1', 'loopback')],
  ['IPv6 zero', '[::]', inLoopback('::', 'unspecified')],
  ['v4-mapped', '[::ffff:127.0.0.1]', inLoopback('::ffff:7f00:1', 'loopback')],
  ['v4-mapped private, in hexadecimal', '[::ffff:a00:1]', inLoopback('::ffff:a00:1', 'private')],
  ['v4-compatible', '[::127.0.0.1]', { address: '::7f00:1', reason: /not a public address/ }],
  ['NAT64', '[64:ff9b::7f00:1]', inLoopback('64:ff9b::7f00:1', 'rfc6052')],
  ['6to4', '[2002:7f00:1::]', inLoopback('2002:7f00:1::', '6to4')],
  ['Teredo', '[2001::7f00:1]', inLoopback('2001::7f00:1', 'teredo')],
  ['link-local', '[fe80::1]', inLoopback('fe80::1', 'linkLocal')],
  ['metadata of a cloud', '169.254.169.254', { address: '169.254.169.254', reason: /metadata/ }],
  ['metadata, decimal', '2852039166', { address: '169.254.169.254', reason: /metadata/ }],
  ['metadata, v4-mapped', '[::ffff:169.254.169.254]', { address: '::ffff:a9fe:a9fe', reason: /metadata/ }]
]

t.test('each notation of an address is refused as the address that it is, and no connection is made', async (t) => {
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen(0, resolve))
  t.teardown(() => server.close())
  const { port } = Object(server.address())
  for (const [notation, host, refused] of literals) {
    const url = `http://${host}:${port}/`
    t.match(await creating(guard(), url), refused, `${notation}: ${host}, at creation`)
    const outcome = await sending(guard(), url)
    t.match(
      outcome,
      { error: 'refused_address', address: refused.address, detail: refused.reason },
      `${notation}: sent`
    )
  }
  t.equal(connections, 0)
})

t.test('what a URL hides is refused before its host is looked at', async (t) => {
  const written: readonly (readonly [url: string, reason: RegExp])[] = [
    ['http://a@127.0.0.1/', /names a user/],
    ['http://127.0.0.1@receiver.example/', /names a user/],
    ['http://receiver.example\r\nX/', /control character/],
    ['http://receiver.example/\r\nHost: x', /control character/],
    ['http://receiver.example\t/', /control character/],
    ['http:127.0.0.1', /must begin with https/],
    ['http:/127.0.0.1/', /must begin with https/],
    ['http:\\\\127.0.0.1\\', /backslash/],
    ['http://receiver.example#@127.0.0.1/', /fragment/],
    ['http://127.0.0.1:99999/', /is not a URL/],
    ['file:///etc/passwd', /must begin with https/],
    ['gopher://127.0.0.1:6379/', /must begin with https/]
  ]
  for (const [url, reason] of written)
    t.match(await creating(guard(), url), { address: url, reason }, JSON.stringify(url))
})

t.test('ports of other services and plain HTTP are refused, also where they were allowed once', async (t) => {
  const egress = guard({ policy: { allow: ['127.0.0.0/8'], ports: [443, 8443], allowsHttp: false } })
  for (const port of [22, 25, 80, 6379]) {
    const url = `https://127.0.0.1:${port}/`
    const reason = new RegExp(`the port ${port}, and this service sends to 443, 8443 only`)
    t.match(await creating(egress, url), { reason })
    t.match(await sending(egress, url), { error: 'refused_address', detail: reason }, `sent to ${port}`)
  }
  t.match(await creating(egress, 'http://127.0.0.1:443/'), { reason: /is not https/ })
  t.match(await sending(egress, 'http://127.0.0.1:443/'), { error: 'refused_address', detail: /is not https/ })
})

t.test('a name is judged by every address that it has', async (t) => {
  const names: Readonly<Record<string, readonly string[]>> = {
    'mixed.example': ['93.184.215.14', '127.0.0.1'],
    'mixed6.example': ['93.184.215.14', '::ffff:10.0.0.1'],
    'localhost.': ['127.0.0.1'],
    localhost: ['::1', '127.0.0.1']
  }
  const lookup = async (name: string) => names[name] ?? []
  for (const name of Object.keys(names)) {
    t.match(await creating(guard({ lookup }), `http://${name}/`), { reason: /not a public address/ }, name)
    t.match(await sending(guard({ lookup }), `http://${name}/`), { error: 'refused_address' }, `${name}, sent`)
  }
  t.match(await sending(guard({ lookup }), 'http://nobody.example/'), {
    error: 'refused_address',
    detail: /no address/
  })
})

t.test('a redirect into the house is an answer and no more', async (t) => {
  const inside = await startReceiver(t)
  const outside = await startReceiver(t, (response) => response.writeHead(302, { location: inside.url }).end())
  const egress = guard({ policy: { allow: ['127.0.0.0/8'], allowsHttp: true } })
  t.match(await sending(egress, outside.url), { kind: 'answered', status: 302 })
  t.same([outside.received.length, inside.received.length], [1, 0])
})

t.test('what is allowed passes: the tests above refuse by the guard, and not because nothing works', async (t) => {
  const server = createHttpServer((_, response) => response.writeHead(204).end())
  await new Promise<void>((resolve) => server.listen(0, '::', resolve))
  t.teardown(() => server.close())
  const { port } = Object(server.address())
  const egress = guard({ policy: { allow: ['127.0.0.1/32', '::1/128'], allowsHttp: true } })
  for (const host of ['127.0.0.1', '0x7f.1', '[::1]', '[::ffff:7f00:1]']) {
    t.equal(await creating(egress, `http://${host}:${port}/`), undefined)
    t.match(await sending(egress, `http://${host}:${port}/`), { kind: 'answered', status: 204 }, host)
  }
})

t.test('nothing is sent to the service itself, whatever is allowed', async (t) => {
  const store = temporary(t, 'portolan.db')
  const environment = {
    PORTOLAN_DATABASE_URL: `sqlite:${store}`,
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8,::1/128,0.0.0.0/32',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on',
    PORTOLAN_LOG_LEVEL: 'warn'
  }
  const service = await startService({ ...environment, PORTOLAN_HOST: '0.0.0.0' })
  t.teardown(() => service.stop('SIGKILL'))
  const { port } = new URL(service.address)
  const receiver = await startReceiver(t)
  const scopes = ['--scope', 'subscriptions:write', '--scope', 'admin']
  const { key } = JSON.parse((await portolan(['keys', 'create', ...scopes, '--json'], { store })).output)
  const ask = async (path: string, body?: object) => {
    const answer = await fetch(`http://127.0.0.1:${port}/v1/subscriptions${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) }
    })
    return { ...Object(await answer.json()), status: answer.status }
  }
  await eventually('the key is known', async () => (await ask('')).status === 200)
  for (const host of ['127.0.0.1', '127.8.8.8', '0.0.0.0', 'localhost', '[::ffff:127.0.0.1]'])
    t.match(
      await ask('', { url: `http://${host}:${port}/v1/catalogues` }),
      { status: 422, code: 'egress_refused', reason: /is this service itself/ },
      host
    )
  t.match(await ask('', { url: receiver.url }), { status: 201, state: 'pending' }, 'another port of the same address')

  // Made on the store, by a shell that does not know where the service listens.
  const words = ['subscriptions', 'create', `http://127.0.0.1:${port}/`, '--json']
  const { id } = JSON.parse((await portolan(words, { store, environment })).output)
  await portolan(['subscriptions', 'ping', id], { store, environment })
  await eventually('an attempt is in the log', async () => (await ask(`/${id}/deliveries`)).items.length > 0)
  t.match((await ask(`/${id}/deliveries`)).items[0], {
    result: 'failed',
    error: 'refused_address',
    detail: /is this service itself/
  })

  const same = { ...environment, PORTOLAN_PORT: port }
  t.match(
    await portolan(words, { store, environment: same }),
    { code: 1, error: /is this service itself/ },
    'a shell with the settings of the service knows'
  )
})
