import t from 'tap'
import { startApp, type TestApp, testEgress } from '../../support/app.ts'

const url = 'https://receiver.example/hook'

async function create(app: TestApp, headers: Readonly<Record<string, string>>, payload: object = { url }) {
  return app.request({ method: 'POST', url: '/v1/subscriptions', headers, payload })
}

t.test('a subscription shows its secret once, and never the values of its header fields', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write')
  const payload = {
    ...{
      url,
      description: 'Tickets',
      types: ['catalogue.transitioned'],
      catalogues: ['a'],
      headers: { Authorization: 'Bearer secret' }
    },
    ...{ filter: { impact: 'closes', tags: ['antivirus'] } }
  }
  const made = await create(app, headers, payload)
  t.equal(made.statusCode, 201)
  const { secret, ...subscription } = made.json()
  t.equal(made.headers.location, `http://localhost:80/v1/subscriptions/${subscription.id}`)
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  t.match(subscription, {
    ...{ id: /^sub_[0-9A-Z]{26}$/, url, description: 'Tickets', types: ['catalogue.transitioned'], catalogues: ['a'] },
    ...{ filter: { impact: ['closes'], tags: ['antivirus'] }, headers: { authorization: '***' }, state: 'pending' },
    ...{ format: 'standard', ordering: 'strict', asymmetric: false, cursor: 2, matched: 2 }
  })
  const one = await app.request({ url: `/v1/subscriptions/${subscription.id}`, headers })
  t.strictSame(one.json(), subscription)
  const list = await app.request({ url: '/v1/subscriptions', headers })
  t.strictSame(list.json(), { items: [subscription], page: { next: null, cursor: null } })
  t.notMatch(one.body + list.body, /whsec|Bearer secret/)
  t.equal(one.headers['cache-control'], 'no-store')
})

t.test('a creation with an idempotency key is made once, over REST and GraphQL', async (t) => {
  const app = await startApp(t)
  const [mine, other] = [await app.key('subscriptions:write'), await app.key('subscriptions:write')]
  const payload = { url, headers: { authorization: 'Bearer a' } }
  const made = await create(app, { ...mine, 'idempotency-key': 'k1' }, payload)
  t.equal(made.statusCode, 201)
  for (const key of ['k1', '"k1"']) {
    const again = await create(app, { ...mine, 'idempotency-key': key }, payload)
    t.equal(again.statusCode, 201)
    t.strictSame(again.json(), made.json())
    t.equal(again.headers.location, made.headers.location)
  }
  const changed = { ...payload, headers: { authorization: 'Bearer b' } }
  const reused = await create(app, { ...mine, 'idempotency-key': 'k1' }, changed)
  t.match([reused.statusCode, reused.json()], [422, { code: 'idempotency_key_reused', detail: made.json().id }])
  const strange = await create(app, { ...other, 'idempotency-key': 'k1' }, changed)
  t.equal(strange.statusCode, 201)
  t.not(strange.json().id, made.json().id)
  for (const key of ['""', 'ü', 'x'.repeat(256)]) {
    const refused = await create(app, { ...mine, 'idempotency-key': key }, payload)
    t.match([refused.statusCode, refused.json()], [400, { code: 'invalid_parameter' }], key)
  }

  const query =
    'mutation ($input: CreateSubscriptionInput!) { createSubscription(input: $input, idempotencyKey: "k1") { secret subscription { id } } }'
  const overGraphql = async (value: string) => {
    const input = { url, headers: [{ name: 'authorization', value }] }
    const request = {
      method: 'POST',
      url: '/graphql',
      headers: mine,
      payload: { query, variables: { input } }
    } as const
    return (await app.request(request)).json()
  }
  const { id, secret } = made.json()
  t.strictSame((await overGraphql('Bearer a')).data.createSubscription, { secret, subscription: { id } })
  t.equal((await overGraphql('Bearer b')).errors[0].extensions.code, 'idempotency_key_reused')

  // Nothing that moved meanwhile makes it another request.
  await app.request({ method: 'POST', url: `/v1/subscriptions/${id}/rotate-secret`, headers: mine })
  t.match((await create(app, { ...mine, 'idempotency-key': 'k1' }, payload)).json(), { id, secret })
  app.clock.now += 86_400_000
  const later = await create(app, { ...mine, 'idempotency-key': 'k1' }, payload)
  t.equal(later.statusCode, 201)
  t.not(later.json().id, id, 'a day later it is another request')
})

t.test('twenty creations at once with one idempotency key make one subscription', async (t) => {
  const app = await startApp(t)
  const headers = { ...(await app.key('subscriptions:write')), 'idempotency-key': 'k1' }
  const answers = await Promise.all(Array.from({ length: 20 }, () => create(app, headers)))
  t.equal(new Set(answers.map(({ body }) => body)).size, 1)
  t.equal((await app.request({ url: '/v1/subscriptions', headers })).json().items.length, 1)
})

t.test('a key sees its own and no other, an administrator all', async (t) => {
  const app = await startApp(t)
  const [mine, other, admin] = [
    await app.key('subscriptions:write'),
    await app.key('subscriptions:write'),
    await app.key('admin')
  ]
  const { id } = (await create(app, mine)).json()
  const path = `/v1/subscriptions/${id}`
  const asks = [
    ...[
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/ping'],
      ['POST', '/pause'],
      ['POST', '/resume'],
      ['POST', '/rotate-secret']
    ],
    ...[
      ['POST', '/replay'],
      ['GET', '/deliveries'],
      ['GET', '/dead-letters'],
      ['POST', '/dead-letters/redrive']
    ]
  ] as const
  for (const [method, action] of asks) {
    const payload =
      method === 'PATCH' || action.includes('redrive') ? {} : action === '/replay' ? { fromSeq: 1 } : undefined
    const ask = async (headers?: Readonly<Record<string, string>>) =>
      (await app.request({ method, url: path + action, ...(headers && { headers }), ...(payload && { payload }) }))
        .statusCode
    t.equal(await ask(other), 404, `${method} ${action}`)
    t.equal(await ask(), 401, `${method} ${action}`)
    t.equal(await ask(await app.key('catalogue:publish')), 403, `${method} ${action}`)
  }
  t.same((await app.request({ url: '/v1/subscriptions', headers: other })).json().items, [])
  t.equal((await app.request({ url: '/v1/subscriptions', headers: admin })).json().items.length, 1)
  t.equal((await app.request({ url: path, headers: admin })).statusCode, 200)
  t.equal((await app.request({ method: 'POST', url: `${path}/activate`, headers: mine })).statusCode, 403)
  t.equal((await app.request({ method: 'POST', url: `${path}/activate`, headers: admin })).json().state, 'active')
  t.equal((await app.request({ method: 'DELETE', url: path, headers: mine })).statusCode, 204)
  t.equal((await app.request({ url: path, headers: mine })).statusCode, 404)
})

t.test('what the egress guard refuses is said with the address and the reason', async (t) => {
  const app = await startApp(t, {
    egress: testEgress({ allow: ['10.20.0.0/16'], ports: [443, 8443], allowsHttp: false })
  })
  const headers = await app.key('subscriptions:write')
  for (const bad of [
    'https://127.0.0.1/',
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://169.254.169.254/',
    'https://0x7f.1/'
  ]) {
    const answer = await create(app, headers, { url: bad })
    t.match([answer.statusCode, answer.json()], [422, { code: 'egress_refused', address: /./, reason: /./ }], bad)
  }
  for (const bad of [
    'http://receiver.example/',
    'https://receiver.example:22/',
    'https://a:b@receiver.example/',
    'nonsense'
  ]) {
    const answer = await create(app, headers, { url: bad })
    t.match([answer.statusCode, answer.json()], [422, { code: 'egress_refused', address: bad }], bad)
  }
  t.equal((await create(app, headers, { url: 'https://10.20.1.1/' })).statusCode, 201)
  const { id } = (await create(app, headers)).json()
  const moved = await app.request({
    method: 'PATCH',
    url: `/v1/subscriptions/${id}`,
    headers,
    payload: { url: 'https://10.0.0.1/' }
  })
  t.equal(moved.json().code, 'egress_refused')
  t.equal((await app.request({ url: `/v1/subscriptions/${id}`, headers })).json().url, url)
})

t.test('a name that leads into the house is refused, one that leads nowhere waits', async (t) => {
  const { Egress } = await import('../../../src/delivery/egress.ts')
  const names: Readonly<Record<string, readonly string[]>> = {
    mixed: ['93.184.215.14', '10.0.0.1'],
    inside: ['192.168.0.1']
  }
  const lookup = async (name: string) => names[name] ?? Promise.reject(new Error('ENOTFOUND'))
  const egress = new Egress({ policy: { allow: [], allowsHttp: false }, lookup, connectMs: 100 })
  const app = await startApp(t, { egress })
  const headers = await app.key('subscriptions:write')
  t.match((await create(app, headers, { url: 'https://mixed/' })).json(), {
    code: 'egress_refused',
    address: '10.0.0.1'
  })
  t.match((await create(app, headers, { url: 'https://inside/' })).json(), {
    code: 'egress_refused',
    address: '192.168.0.1'
  })
  t.equal((await create(app, headers, { url: 'https://unknown.example/' })).statusCode, 201)
})

t.test('every fault of a body is told, and unknown members are faults', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write')
  const bad: readonly object[] = [
    {},
    { url, unknown: 1 },
    { url, types: ['subscription.ping'] },
    { url, filter: { impact: 'x' } },
    { url, format: 'xml' },
    { url, headers: { host: 'x' } },
    { url, headers: { 'x-a': 'a\r\nb' } }
  ]
  for (const payload of bad) {
    const answer = await create(app, headers, payload)
    t.match(
      [answer.statusCode, answer.json()],
      [422, { code: 'invalid_body', errors: [{ pointer: /^\// }] }],
      JSON.stringify(payload)
    )
  }
  const { id } = (await create(app, headers)).json()
  const replay = await app.request({
    method: 'POST',
    url: `/v1/subscriptions/${id}/replay`,
    headers,
    payload: { fromSeq: 2, toSeq: 1 }
  })
  t.equal(replay.json().code, 'invalid_parameter')
})

t.test('a change leaves what it does not name, and null takes away', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write')
  const { id } = (
    await create(app, headers, { url, description: 'x', types: ['catalogue.created'], filter: { tags: ['a'] } })
  ).json()
  const patch = async (payload: object) =>
    (await app.request({ method: 'PATCH', url: `/v1/subscriptions/${id}`, headers, payload })).json()
  t.match(await patch({ ordering: 'none' }), {
    url,
    description: 'x',
    types: ['catalogue.created'],
    filter: { tags: ['a'] },
    ordering: 'none'
  })
  const bare = await patch({ description: null, types: null, filter: null })
  for (const name of ['description', 'types', 'filter']) t.notOk(name in bare, name)
  t.match(await patch({ filter: { scope: ['internal'] }, asymmetric: true }), {
    filter: { scope: ['internal'] },
    asymmetric: true
  })
})

t.test('another URL gets no header fields of the one before, and waits for a ping', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write', 'admin')
  const made = (await create(app, headers, { url, headers: { authorization: 'Bearer secret' } })).json()
  const ask = async (method: 'PATCH' | 'POST', action = '', payload?: object) =>
    app.request({ method, url: `/v1/subscriptions/${made.id}${action}`, headers, ...(payload && { payload }) })
  t.equal((await ask('POST', '/activate')).json().state, 'active')
  t.match((await ask('PATCH', '', { url })).json(), { state: 'active', headers: { authorization: '***' } })
  const moved = (await ask('PATCH', '', { url: 'https://receiver.example/other' })).json()
  t.equal(moved.state, 'pending')
  t.notOk('headers' in moved)
  t.notOk('activatedAt' in moved)
  await ask('POST', '/pause')
  t.equal((await ask('POST', '/resume')).json().state, 'pending', 'a pause is no way around the ping')
  const own = { url: 'https://receiver.example/third', headers: { 'x-team': 'network' } }
  t.match((await ask('PATCH', '', own)).json(), { headers: { 'x-team': '***' } })
})

t.test('a body without a byte is none, whatever its type', async (t) => {
  const app = await startApp(t)
  const key = await app.key('subscriptions:write')
  const { id } = (await create(app, key)).json()
  for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain']) {
    const headers = { ...key, 'content-type': type, 'content-length': '0' }
    const ask = async (method: 'POST' | 'DELETE', path: string) =>
      (await app.request({ method, url: `/v1/subscriptions${path}`, headers })).statusCode
    t.equal(await ask('POST', `/${id}/ping`), 202, type)
    t.equal(await ask('POST', `/${id}/rotate-secret`), 200, type)
    t.equal(await ask('POST', ''), 422, 'where a body is needed its absence is a fault')
    t.equal(await ask('DELETE', '/sub_01ARZ3NDEKTSV4RRFFQ69G5FAV'), 404, type)
  }
})

t.test('an owner may bring a secret, when a subscription is made and when it is replaced', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write')
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
  for (const bytes of [24, 32, 64]) {
    const made = await create(app, headers, { url, secret: secretOf(bytes) })
    t.match([made.statusCode, made.json()], [201, { secret: secretOf(bytes) }])
  }
  for (const secret of [secretOf(23), secretOf(65), 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_', `${secretOf(24)}=`])
    t.equal((await create(app, headers, { url, secret })).statusCode, 422, secret)
  const { id } = (await create(app, headers)).json()
  const rotated = await app.request({
    method: 'POST',
    url: `/v1/subscriptions/${id}/rotate-secret`,
    headers,
    payload: { secret: secretOf(40) }
  })
  t.match(rotated.json(), { secret: secretOf(40) })
})

t.test('one that never was active is not resumed without a ping', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write')
  const { id } = (await create(app, headers)).json()
  const ask = async (action: string) =>
    app.request({ method: 'POST', url: `/v1/subscriptions/${id}/${action}`, headers })
  t.match((await ask('resume')).json(), { code: 'wrong_state', status: 409 })
  t.equal((await ask('pause')).json().state, 'paused')
  t.equal((await ask('resume')).json().state, 'pending')
  t.equal((await ask('ping')).statusCode, 202)
})

t.test('lists go by page', async (t) => {
  const app = await startApp(t)
  const headers = await app.key('subscriptions:write')
  for (let number = 0; number < 3; number += 1) {
    await create(app, headers, { url, description: String(number) })
    app.clock.now += 1
  }
  const first = (await app.request({ url: '/v1/subscriptions?limit=2', headers })).json()
  t.same(
    first.items.map(({ description }: { readonly description: string }) => description),
    ['0', '1']
  )
  const second = (
    await app.request({ url: new URL(first.page.next).pathname + new URL(first.page.next).search, headers })
  ).json()
  t.same(
    second.items.map(({ description }: { readonly description: string }) => description),
    ['2']
  )
  t.equal(second.page.next, null)
})

t.test('the public key of v1a is there before anything is signed', async (t) => {
  const app = await startApp(t)
  const [first, again] = [await app.request('/v1/webhook-keys'), await app.request('/v1/webhook-keys')]
  t.match(first.json(), { keys: [{ algorithm: 'ed25519', publicKey: /^whpk_[A-Za-z0-9+/]{43}=$/ }] })
  t.strictSame(first.json(), again.json())
  t.notMatch(first.body, /whsk/)
})
