import { createPublicKey, verify } from 'node:crypto'
import { CloudEvent, HTTP } from 'cloudevents'
import { Webhook } from 'standardwebhooks'
import t from 'tap'
import { signingKeyOf } from '../../src/catalogue/webhook/signing.ts'
import { Deliveries } from '../../src/delivery/deliveries.ts'
import type { WebhookTransport } from '../../src/delivery/transport.ts'
import type { SigningKey } from '../../src/domain/webhook/webhook-signature.ts'
import { type Received, startReceiver } from './support/receiver.ts'
import { startPostOffice } from './support/webhook-sender.ts'

const told = ({ event }: Received) => [event.type, event.seq]
const seqs = (received: readonly Received[]) =>
  received.flatMap(({ event }) => (event.seq === undefined ? [] : [event.seq]))
/** Whether a text was signed with a key, by Ed25519. */
function isSignedBy({ publicKey }: SigningKey, text: string, signature: string): boolean {
  const der = Buffer.concat([
    Buffer.from('302a300506032b6570032100', 'hex'),
    Buffer.from(publicKey.slice('whpk_'.length), 'base64')
  ])
  const key = createPublicKey({ key: der, format: 'der', type: 'spki' })
  return verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'))
}
/** What one receiver is sent beside events: that it is active. */
const welcome = 1

t.test('a receiver is pinged, becomes active, and gets each event once, in order', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const payload = { url: receiver.url }
  const made = await post.request({ method: 'POST', url: '/v1/subscriptions', headers: post.owner, payload })
  const { id } = made.json()
  await post.publish('before the ping')
  await post.deliver()
  t.same(receiver.received, [], 'nothing is sent before it was pinged')
  await post.ask('POST', `/${id}/ping`)
  await post.deliver()
  t.same(receiver.received.map(told), [
    ['subscription.ping', undefined],
    ['subscription.activated', undefined],
    ['catalogue.revision_published', 3]
  ])
  await post.publish('after')
  await post.publish('and again')
  await post.deliver()
  t.same(
    receiver.received.slice(3).map(({ event }) => [event.seq, event.prevSeq]),
    [
      [4, 3],
      [5, 4]
    ]
  )
  t.match(await post.ask('GET', `/${id}`), { state: 'active', cursor: 5, matched: 5, failures: 0 })
})

t.test('a request is a Standard Webhook, with the event as it is in the log', async (t) => {
  const post = await startPostOffice(t, { now: new Date().toISOString(), publicUrl: 'https://portolan.example' })
  const receiver = await startReceiver(t)
  const { id, secret } = await post.subscribe(receiver.url, { headers: { 'X-Team': 'network' } })
  await post.publish('new')
  await post.deliver()
  const [, { headers, body, event } = { headers: {}, body: '', event: {} }] = receiver.received
  const [logged] = (await post.request('/v1/events?after=2')).json().items
  t.strictSame(event, logged)
  t.strictSame(new Webhook(secret).verify(body, headers as Record<string, string>), logged)
  t.match(headers, {
    'content-type': 'application/json',
    'content-digest': /^sha-256=:.{44}:$/,
    'user-agent': 'Portolan-Webhooks/1',
    'webhook-id': event.id,
    'portolan-subscription': id,
    'portolan-event': 'catalogue.revision_published',
    'portolan-seq': '3',
    'portolan-epoch': event.epoch,
    'portolan-attempt': '1',
    'x-team': 'network'
  })
  t.notOk('portolan-replay' in headers)
})

t.test('CloudEvents come in an envelope or by header fields, and their library reads both', async (t) => {
  const post = await startPostOffice(t)
  for (const format of ['cloudevents', 'cloudevents-binary']) {
    const receiver = await startReceiver(t)
    await post.subscribe(receiver.url, { format })
    await post.publish(`as ${format}`)
    await post.deliver()
    const { headers, body } = receiver.received.at(-1) ?? { headers: {}, body: '' }
    const read = HTTP.toEvent({ headers, body })
    if (!(read instanceof CloudEvent)) throw new Error('several events')
    t.ok(read.validate())
    t.match(read, { specversion: '1.0', type: 'catalogue.revision_published', source: /\/v1\/catalogues\/clearswift/ })
    t.match(read.data, { type: 'catalogue.revision_published', id: read.id, catalogue: /clearswift/ })
  }
})

t.test('chats get what happened, when, and a link, and the signature stays', async (t) => {
  const post = await startPostOffice(t)
  for (const format of ['text', 'teams']) {
    const receiver = await startReceiver(t)
    await post.subscribe(receiver.url, { format })
    await post.publish(`as ${format}`)
    await post.deliver()
    const { headers = {}, body = '' } = receiver.received.at(-1) ?? {}
    const message = JSON.parse(body)
    const link = /\/v1\/catalogues\/clearswift.*diff\?from=\d+&to=\d+/
    if (format === 'text') {
      t.strictSame(Object.keys(message), ['text'])
      t.match(message.text, /clearswift.*revision \d+ .*\d{4}-\d\d-\d\dT/)
      t.match(message.text, link)
    } else {
      t.match(message, { type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }] })
      const { content } = message.attachments[0]
      t.match(content, { type: 'AdaptiveCard', body: [{ text: /revision/ }], actions: [{ url: link }] })
    }
    t.match(headers, { 'webhook-signature': /^v1,/, 'content-type': 'application/json' })
  }
})

t.test('a receiver that is down is tried again, in order, and loses nothing', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  receiver.replies = [503, 500, 204]
  await post.publish('one')
  await post.publish('two')
  await post.deliver()
  t.match(await post.ask('GET', `/${id}`), {
    state: 'degraded',
    cursor: 2,
    matched: 4,
    failures: 1,
    stateReason: /503/
  })
  await post.pass(4)
  t.same(seqs(receiver.received), [3], 'not before its time')
  await post.pass(1)
  await post.pass(30)
  t.same(seqs(receiver.received), [3, 3, 3, 4])
  t.equal(receiver.received.at(-2)?.event.type, 'subscription.activated', 'it is told that it is back')
  const attempts = receiver.received
    .filter(({ event }) => event.seq === 3)
    .map(({ headers }) => headers['portolan-attempt'])
  t.same(attempts, ['1', '2', '3'])
  t.equal(
    new Set(receiver.received.filter(({ event }) => event.seq === 3).map(({ headers }) => headers['webhook-id'])).size,
    1
  )
  t.match(await post.ask('GET', `/${id}`), { state: 'active', cursor: 4, failures: 0 })
  const { items } = await post.ask('GET', `/${id}/deliveries`)
  t.match(items, [
    { seq: 4, status: 204, kind: 'live' },
    { type: 'subscription.activated', kind: 'notice' },
    { seq: 3, status: 204 },
    { seq: 3, status: 500 },
    { type: 'subscription.degraded', result: 'noted', detail: /503/ },
    { seq: 3, status: 503, result: 'failed' },
    { type: 'subscription.activated' }
  ])
})

t.test('a receiver that is down for 72 hours is suspended, and catches up when it is resumed', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  receiver.replies = [500]
  await post.publish('one')
  await post.deliver()
  for (let hour = 0; hour < 80; hour += 1) await post.pass(3600)
  t.match(await post.ask('GET', `/${id}`), { state: 'suspended', cursor: 2, matched: 3 })
  const tried = receiver.received.length
  await post.pass(86_400)
  t.equal(receiver.received.length, tried, 'it is left alone')
  await post.publish('two')
  receiver.replies = [204]
  await post.ask('POST', `/${id}/resume`)
  await post.deliver()
  t.same(receiver.received.slice(tried).map(told), [
    ['subscription.resumed', undefined],
    ['catalogue.revision_published', 3],
    ['catalogue.revision_published', 4]
  ])
})

t.test('an event that is refused becomes a dead letter, shows as a gap, and can be sent again', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  receiver.replies = [422, 422, 422, 204]
  await post.publish('one')
  await post.publish('two')
  await post.deliver()
  await post.pass(330)
  await post.pass(330)
  t.same(seqs(receiver.received), [3, 3, 3, 4])
  t.equal(
    receiver.received.find(({ event }) => event.seq === 4)?.event.prevSeq,
    3,
    'the receiver sees what it did not take'
  )
  t.match(await post.ask('GET', `/${id}/dead-letters`), { items: [{ seq: 3, status: 422, redriving: false }] })
  const before = receiver.received.length
  t.same(await post.ask('POST', `/${id}/dead-letters/redrive`, {}), { redriven: 1 })
  await post.deliver()
  const again = receiver.received.slice(before)
  t.same(seqs(again), [3])
  t.equal(again[0]?.headers['portolan-replay'], 'true')
  t.same((await post.ask('GET', `/${id}/dead-letters`)).items, [])
})

t.test('410 and an answer that asks for no more end it at once', async (t) => {
  const post = await startPostOffice(t)
  const disable = (status: number) => (response: import('node:http').ServerResponse) =>
    void response.writeHead(status, { 'webhook-delivery': 'disable' }).end()
  for (const reply of [410, disable(200), disable(500)]) {
    const receiver = await startReceiver(t)
    const { id } = await post.subscribe(receiver.url)
    receiver.replies = [reply]
    await post.publish(`${id} one`)
    await post.publish(`${id} two`)
    await post.deliver()
    await post.pass(7200)
    t.equal(receiver.received.length, welcome + 1)
    t.match(await post.ask('GET', `/${id}`), { state: 'gone' })
  }
})

t.test('paused, nothing is sent, and resumed, everything that waited', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  await post.ask('POST', `/${id}/pause`)
  await post.deliver()
  await post.publish('one')
  await post.pass(3600)
  t.same(receiver.received.map(told).slice(welcome), [['subscription.paused', undefined]])
  t.match(await post.ask('GET', `/${id}`), { state: 'paused', cursor: 2, matched: 3 })
  await post.ask('POST', `/${id}/resume`)
  await post.deliver()
  t.same(seqs(receiver.received), [3])
})

t.test('paused or deleted while a request is under way, it is the last', async (t) => {
  for (const [method, path] of [
    ['POST', '/pause'],
    ['DELETE', '']
  ] as const) {
    const post = await startPostOffice(t)
    const receiver = await startReceiver(t)
    const { id } = await post.subscribe(receiver.url)
    const arrived = new Promise<void>((resolve) => {
      receiver.replies = [
        (response) => {
          resolve()
          setTimeout(() => response.writeHead(204).end(), 100)
        }
      ]
    })
    await post.publish('one')
    await post.publish('two')
    post.deliveries.wake()
    await arrived
    await post.ask(method, `/${id}${path}`)
    await post.deliver()
    t.same(seqs(receiver.received), [3])
  }
})

t.test('a range of the log is sent once more, before what is new', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  await post.publish('one')
  await post.deliver()
  await post.ask('POST', `/${id}/replay`, { fromSeq: 1 })
  await post.publish('two')
  await post.deliver()
  const all = receiver.received.slice(welcome)
  t.same(seqs(all), [3, 1, 2, 3, 4])
  t.same(
    all.map(({ headers }) => headers['portolan-replay']),
    [undefined, 'true', 'true', 'true', undefined]
  )
  t.same(
    all.map(({ event }) => event.prevSeq),
    [2, 0, 1, 2, 3]
  )
  t.equal(all[0]?.headers['webhook-id'], all[3]?.headers['webhook-id'])
  t.notOk('replay' in (await post.ask('GET', `/${id}`)))
})

t.test('a filter sends what it names, whole, and prevSeq is the event before that it names', async (t) => {
  const post = await startPostOffice(t, { isSeeded: true })
  const [closing, titles, all] = [await startReceiver(t), await startReceiver(t), await startReceiver(t)]
  const { id } = await post.subscribe(closing.url, { filter: { impact: 'closes' } })
  await post.subscribe(titles.url, { types: ['catalogue.revision_published'], filter: { requirements: ['rss-feed'] } })
  await post.subscribe(all.url, { catalogues: ['another'] })
  await post.publish('a title concerns no requirement')
  await post.deliver()
  t.same(
    [closing, titles, all].map(({ received }) => seqs(received)),
    [[], [], []]
  )
  await post.ask('PATCH', `/${id}`, { filter: null })
  await post.publish('now everything')
  await post.deliver()
  t.same(seqs(closing.received), [3, 4], 'what it asks for now, from its cursor')
  t.equal(closing.received.at(-2)?.event.prevSeq, 2)
})

t.test('where order does not matter four are under way at a time, else one', async (t) => {
  for (const [ordering, most] of [
    ['none', 4],
    ['strict', 1]
  ] as const) {
    const post = await startPostOffice(t)
    let [open, peak] = [0, 0]
    const receiver = await startReceiver(t, (response) => {
      open += 1
      peak = Math.max(peak, open)
      setTimeout(() => {
        open -= 1
        response.writeHead(204).end()
      }, 20)
    })
    const { id } = await post.subscribe(receiver.url, { ordering })
    await post.ask('POST', `/${id}/pause`)
    for (let event = 0; event < 9; event += 1) await post.publish(`${ordering} ${event}`)
    await post.ask('POST', `/${id}/resume`)
    await post.deliver()
    t.equal(peak, most)
    t.same(
      [...seqs(receiver.received)].sort((a, b) => Number(a) - Number(b)),
      [3, 4, 5, 6, 7, 8, 9, 10, 11]
    )
    t.match(await post.ask('GET', `/${id}`), { cursor: 11 })
  }
})

t.test('a secret that was replaced verifies for a day', async (t) => {
  const post = await startPostOffice(t, { now: new Date().toISOString() })
  const receiver = await startReceiver(t)
  const { id, secret: first } = await post.subscribe(receiver.url, { asymmetric: true })
  const { secret: second } = await post.ask('POST', `/${id}/rotate-secret`)
  await post.publish('one')
  await post.deliver()
  const { body = '', headers = {} } = receiver.received.at(-1) ?? {}
  for (const secret of [first, String(second)])
    t.ok(new Webhook(secret).verify(body, headers as Record<string, string>))
  t.equal(String(headers['webhook-signature']).split(' ').length, 3)
  await post.pass(86_400)
  await post.publish('two')
  await post.deliver()
  t.match(receiver.received.at(-1)?.headers['webhook-signature'], /^v1,\S+ v1a,\S+$/)
})

t.test('the Ed25519 signature is of the second of its attempt, and receivers of the same bytes share it', async (t) => {
  const post = await startPostOffice(t)
  const key = await signingKeyOf(post.catalogues)
  const receivers = [await startReceiver(t), await startReceiver(t)]
  for (const { url } of receivers) await post.subscribe(url, { asymmetric: true })
  for (const receiver of receivers) receiver.replies = [500, 204]
  await post.publish('one')
  await post.deliver()
  await post.pass(10)
  const sent = receivers.flatMap(({ received }) => received.filter(({ event }) => event.seq !== undefined))
  const signatures = sent.map(({ headers, body }) => {
    const signature = /v1a,(\S+)/.exec(String(headers['webhook-signature']))?.[1] ?? ''
    t.ok(isSignedBy(key, `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`, signature))
    return signature
  })
  t.equal(signatures.length, 4)
  t.equal(new Set(signatures).size, 2)
})

t.test('an event of a large change is cut to what a webhook may weigh', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  await post.ask('POST', `/${id}/replay`, { fromSeq: 1 })
  await post.deliver()
  const [first] = receiver.received.slice(welcome)
  t.ok(Buffer.byteLength(first?.body ?? '') <= 20_000)
  t.match(first?.event, { truncated: true, links: { document: /asOf=1/ } })
})

t.test('two processes share the work, and each event comes once', async (t) => {
  const post = await startPostOffice(t)
  const receivers = await Promise.all(Array.from({ length: 6 }, () => startReceiver(t)))
  for (const { url } of receivers) await post.subscribe(url)
  const { Receivers } = await import('../../src/delivery/receivers.ts')
  const { testEgress } = await import('../support/app.ts')
  const { pino } = await import('pino')
  const second = new Deliveries({
    catalogues: post.catalogues,
    transport: new Receivers({ egress: testEgress(), deadlineMs: 2000 }),
    base: () => 'https://portolan.example',
    chance: () => 0.5,
    rate: 1000,
    log: pino({ level: 'silent' })
  })
  t.teardown(() => second.close())
  for (let event = 0; event < 10; event += 1) {
    await post.publish(`event ${event}`)
    second.wake()
    post.deliveries.wake()
  }
  await Promise.all([second.settled(), post.deliver()])
  for (const { received } of receivers) t.same(seqs(received), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
})

t.test('a receiver is sent no more than its rate, and a stop lets go of its lease', async (t) => {
  const post = await startPostOffice(t, { rate: 20 })
  const receiver = await startReceiver(t)
  const { id } = await post.subscribe(receiver.url)
  await post.ask('POST', `/${id}/pause`)
  for (let event = 0; event < 30; event += 1) await post.publish(`event ${event}`)
  const began = performance.now()
  await post.ask('POST', `/${id}/resume`)
  await post.deliver()
  t.ok(performance.now() - began > 400, '31 at 20 a second, after a second’s worth at once')
  t.equal(seqs(receiver.received).length, 30)
  await post.deliveries.close()
  await post.publish('after the stop')
  t.equal((await post.catalogues.store.subscriptions.find(id))?.cursor, 32)
  const [leased] = await post.catalogues.store.subscriptions.claim({
    holder: 'x',
    now: post.clock.now,
    leaseMs: 0,
    limit: 1
  })
  t.equal(leased, undefined, 'nothing is marked by a process that has stopped')
})

t.test('a courier that fails unexpectedly gives its lease back, and another one goes on', async (t) => {
  let breaks = false
  const sent: string[] = []
  const transport: WebhookTransport = {
    async send({ headers }) {
      if (breaks) throw new Error('something unexpected')
      sent.push(String(headers['portolan-seq']))
      return { kind: 'answered', status: 204, isDisabling: false, body: '', durationMs: 1 }
    },
    close: async () => {}
  }
  const post = await startPostOffice(t, { transport })
  await post.subscribe('http://127.0.0.1:9/')
  breaks = true
  await post.publish('lost on the way')
  await post.deliver()
  breaks = false
  await post.deliver()
  t.notOk(sent.includes('3'), 'not at once: what is broken may stay so')
  await post.pass(1)
  t.ok(sent.includes('3'), 'and long before the lease would have ended')
})
