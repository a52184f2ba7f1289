import t from 'tap'
import { clearswift, clearswiftPath, startApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'
import { asking } from '../support/ask.ts'

const publish = `mutation ($input: PublishInput!) { publish(input: $input) {
  outcome etag seq revision { number label author reason overrides } changes { totalCount nodes { op pointer } }
  catalogue { revision { number } requirements { totalCount } timeline { totalCount } }
} }`
const document = (count: number, label = '1') =>
  documentInput({
    edition: { label, summary: label },
    requirements: [requirementInput({ endpoints: addresses(count) })]
  })

t.test('a document is published, again, changed, and rolled back', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const ask = asking(app, await app.key('catalogue:publish'))
  const put = async (input: object) => {
    const { data, errors } = await ask(publish, { input: { catalogue: 'product-1', ...input } })
    return { ...data?.publish, code: errors[0]?.extensions.code, problem: errors[0]?.extensions.problem }
  }
  t.equal((await put({ document: document(1) })).code, 'precondition_required')
  const dry = await put({ document: document(1), create: true, dryRun: true })
  t.match(dry, { outcome: 'would_publish', etag: null, catalogue: null, revision: { number: 1 } })
  const first = await put({ document: document(1), create: true })
  t.match(first, { outcome: 'published', seq: 1, revision: { number: 1, label: '1' } })
  t.match(
    first.catalogue,
    { revision: { number: 1 }, timeline: { totalCount: 1 } },
    'what was written is seen by the answer'
  )
  t.match(await put({ document: document(1), create: true }), { outcome: 'unchanged', changes: { totalCount: 0 } })
  t.equal((await put({ document: document(2), create: true })).code, 'precondition_failed')
  const second = await put({ document: document(2, '2'), ifMatch: `"${first.etag}"` })
  t.match(second, { outcome: 'published', revision: { number: 2 }, changes: { totalCount: 1 } })
  const stale = await put({ document: document(3, '3'), ifMatch: first.etag })
  t.equal(stale.code, 'precondition_failed')
  t.match(stale.problem, { status: 412, diff: { from: 1, to: 2 } }, 'with what the client did not know')
  const faulty = await put({ document: { ...document(1), title: '' }, ifMatch: second.etag })
  t.match(faulty, { code: 'invalid_document', problem: { errors: [{ pointer: '/title' }] } })
  t.notOk('line' in faulty.problem.errors[0], 'the lines of a value are nothing that its author knows')
  const text = await put({ document: `${JSON.stringify(document(3, '3'))}\n# YAML`, ifMatch: second.etag })
  t.match(text, { outcome: 'published', revision: { number: 3 } }, 'as text, in YAML')
  const rails = await put({ document: document(0, '4'), ifMatch: text.etag })
  t.match(rails, { code: 'guard_rail', problem: { status: 409 } })
  t.equal(
    (await put({ document: document(0), ifMatch: text.etag, override: ['mass_removal'] })).code,
    'insufficient_scope'
  )
  const restored = await asking(app, await app.key('catalogue:publish', 'catalogue:override'))(
    `mutation ($etag: ETag!) { restore(input: { catalogue: "product-1", number: 1, ifMatch: $etag, override: ["unannounced_removal"], reason: "back" }) {
      outcome revision { number label reason overrides } } }`,
    { etag: text.etag }
  )
  t.match(restored.data.restore, {
    outcome: 'published',
    revision: { number: 4, label: '1', reason: 'back', overrides: ['unannounced_removal'] }
  })
  t.equal(
    (await ask(publish, { input: { catalogue: 'product-1', document: document(1), ifMatch: 'x', create: true } }))
      .errors[0]?.extensions.code,
    'invalid_parameter'
  )
})

t.test('who may not publish may not over GraphQL either', async (t) => {
  const app = await startApp(t)
  const input = { catalogue: clearswift, document: document(1), ifMatch: '*' }
  t.equal((await asking(app)(publish, { input })).errors[0]?.extensions.code, 'unauthorized')
  const reader = asking(app, await app.key('catalogue:read'))
  t.equal((await reader(publish, { input })).errors[0]?.extensions.code, 'insufficient_scope')
  t.equal((await app.request(clearswiftPath)).json().revision.number, 2)
})

t.test('an owner may bring a secret over GraphQL, when a subscription is made and when it is replaced', async (t) => {
  const app = await startApp(t)
  const owner = asking(app, await app.key('subscriptions:write'))
  const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 7).toString('base64')}`
  const create = (secret: string) =>
    owner(
      `mutation { createSubscription(input: { url: "https://receiver.example/hook", secret: "${secret}" }) { secret subscription { id } } }`
    )
  const made = (await create(secretOf(24))).data.createSubscription
  t.equal(made.secret, secretOf(24))
  t.equal((await create(secretOf(65))).errors[0]?.extensions.code, 'invalid_body')
  const rotate = (secret: string) =>
    owner(
      `mutation { rotateSubscriptionSecret(input: { id: "${made.subscription.id}" }, secret: "${secret}") { secret } }`
    )
  t.equal((await rotate(secretOf(64))).data.rotateSubscriptionSecret.secret, secretOf(64))
  t.equal((await rotate(secretOf(23))).errors[0]?.extensions.code, 'invalid_body')
})

t.test('a subscription is made, seen by its key only, changed, paused, resumed, replayed and taken away', async (t) => {
  const app = await startApp(t)
  const owner = asking(app, await app.key('subscriptions:write'))
  const stranger = asking(app, await app.key('subscriptions:write'))
  const admin = asking(app, await app.key('subscriptions:write', 'admin'))
  const made = await owner(
    `mutation { createSubscription(input: { url: "https://receiver.example/hook", types: ["catalogue.transitioned"], format: cloudevents_binary,
      filter: { impact: [closes] }, headers: [{ name: "X-Team", value: "secret" }] }) {
      secret subscription { id state types format filter { impact } headerNames ordering asymmetric } } }`
  )
  t.same(made.errors, [])
  const { secret, subscription } = made.data.createSubscription
  t.match(secret, /^whsec_/)
  t.match(subscription, {
    state: 'pending',
    types: ['catalogue.transitioned'],
    format: 'cloudevents_binary',
    filter: { impact: ['closes'] },
    headerNames: ['x-team'],
    ordering: 'strict'
  })
  const { id } = subscription
  const find = '{ subscriptions { totalCount nodes { id } } }'
  t.equal((await owner(find)).data.subscriptions.totalCount, 1)
  t.equal((await stranger(find)).data.subscriptions.totalCount, 0)
  t.equal((await admin(find)).data.subscriptions.totalCount, 1)
  t.equal((await owner(`{ node(id: "${id}") { id } }`)).data.node.id, id)
  t.equal((await stranger(`{ node(id: "${id}") { id } }`)).data.node, null)
  t.equal((await asking(app)(`{ node(id: "${id}") { id } }`)).data.node, null)
  t.equal((await stranger(`{ subscription(id: "${id}") { id } }`)).errors[0]?.extensions.code, 'not_found')

  const act = async (
    ask: ReturnType<typeof asking>,
    name: string,
    fields = '',
    wanted = 'subscription { state description types }'
  ) => {
    const { data, errors } = await ask(`mutation { ${name}(input: { id: "${id}"${fields} }) { ${wanted} } }`)
    return errors[0]?.extensions.code ?? data[name]
  }
  t.equal(await act(stranger, 'pauseSubscription'), 'not_found')
  t.match(await act(owner, 'updateSubscription', ', description: "ours", types: null'), {
    subscription: { description: 'ours', types: null }
  })
  t.equal(await act(owner, 'updateSubscription', ', url: "ftp://x"'), 'egress_refused')
  t.equal(await act(owner, 'updateSubscription', `, description: "${'x'.repeat(1001)}"`), 'invalid_body')
  t.match(await act(owner, 'pingSubscription'), { subscription: { state: 'pending' } })
  t.equal(await act(owner, 'resumeSubscription'), 'wrong_state')
  t.equal(await act(owner, 'activateSubscription'), 'insufficient_scope')
  t.match(await act(admin, 'activateSubscription'), { subscription: { state: 'active' } })
  t.match(await act(owner, 'pauseSubscription'), { subscription: { state: 'paused' } })
  t.match(await act(owner, 'resumeSubscription'), { subscription: { state: 'active' } })
  const rotated = await act(owner, 'rotateSubscriptionSecret', '', 'secret subscription { previousSecretsUntil }')
  t.not(rotated.secret, secret)
  t.equal(rotated.subscription.previousSecretsUntil.length, 1)
  t.match(
    await act(
      owner,
      'replaySubscription',
      ', fromSeq: 1, toSeq: "2"',
      'subscription { replay { fromSeq toSeq nextSeq } }'
    ),
    { subscription: { replay: { fromSeq: 1, toSeq: 2, nextSeq: 1 } } }
  )
  t.match(await act(owner, 'redriveDeadLetters', '', 'count'), { count: 0 })
  const log = await owner(
    `{ subscription(id: "${id}") { deliveries(first: 5) { nodes { number } pageInfo { hasNextPage } } deadLetters { nodes { seq } } } }`
  )
  t.same(log.errors, [])
  t.match(await act(owner, 'deleteSubscription', '', 'id'), { id })
  t.equal(await act(owner, 'pauseSubscription'), 'not_found')
})
