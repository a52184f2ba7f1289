import t from 'tap'
import { createKey } from '../../src/catalogue/keys.ts'
import { startReceiver } from './support/receiver.ts'
import { type PostOffice, startPostOffice } from './support/webhook-sender.ts'

/** An active subscription of a key of its own. */
async function subscribe(post: PostOffice, url: string, expiresAt?: number) {
  const { key, text } = await createKey(post.catalogues, {
    scopes: ['subscriptions:write'],
    ...(expiresAt !== undefined && { expiresAt })
  })
  const headers = { authorization: `Bearer ${text}` }
  const made = await post.request({ method: 'POST', url: '/v1/subscriptions', headers, payload: { url } })
  const admin = await post.key('admin')
  const act = async (name: string) =>
    (await post.request({ method: 'POST', url: `/v1/subscriptions/${made.json().id}/${name}`, headers: admin })).json()
  await act('activate')
  await post.deliver()
  return { key, act, read: async () => post.catalogues.store.subscriptions.find(made.json().id) }
}

for (const how of ['revoked', 'expired'] as const)
  t.test(`the subscriptions of a key that is ${how} are paused, are told so, and get nothing more`, async (t) => {
    const post = await startPostOffice(t)
    const [receiver, other] = [await startReceiver(t), await startReceiver(t)]
    const { key, act, read } = await subscribe(post, receiver.url, post.clock.now + 60_000)
    await subscribe(post, other.url)
    await post.publish('one')
    await post.deliver()
    if (how === 'expired') await post.pass(60)
    else await post.catalogues.store.revokeKey(key.id, post.clock.now)
    await post.deliveries.pauseOrphans()
    await post.deliver()
    const types = () => receiver.received.map(({ event }) => event.type)
    const told = ['subscription.activated', 'catalogue.revision_published', 'subscription.paused']
    t.strictSame(types(), told)
    t.match(receiver.received.at(-1)?.event, { subscription: { state: 'paused', reason: 'owner_revoked' } })
    t.match(await read(), { state: 'paused', stateReason: 'owner_revoked' })

    for (const name of ['resume', 'activate', 'ping']) t.match(await act(name), { status: 409, code: 'wrong_state' })
    await post.publish('two')
    await post.deliveries.pauseOrphans()
    await post.pass(3600)
    t.strictSame(types(), told, 'it is told once')
    t.equal(other.received.at(-1)?.event.type, 'catalogue.revision_published', 'others go on')
  })

t.test('a subscription that its owner paused stays as it was', async (t) => {
  const post = await startPostOffice(t)
  const { key, act, read } = await subscribe(post, (await startReceiver(t)).url)
  await act('pause')
  await post.catalogues.store.revokeKey(key.id, post.clock.now)
  await post.deliveries.pauseOrphans()
  t.match(await read(), { state: 'paused', stateReason: 'Paused by its owner.' })
  t.match(await act('resume'), { code: 'wrong_state' })
})

t.test('what lost its owner while no service ran is paused before anything is sent', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const { key } = await subscribe(post, receiver.url)
  await post.deliveries.close()
  await post.publish('one')
  await post.catalogues.store.revokeKey(key.id, post.clock.now)
  const again = await startPostOffice(t, { store: post.catalogues.store, isSeeded: false })
  await again.deliver()
  t.strictSame(
    receiver.received.map(({ event }) => event.type),
    ['subscription.activated', 'subscription.paused']
  )
})
