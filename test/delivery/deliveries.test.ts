import t from 'tap'
import { startPostOffice } from './post-office.ts'
import { startReceiver } from './receiver.ts'

t.test('a receiver is pinged, becomes active, and gets each event once, in order', async (t) => {
  const post = await startPostOffice(t)
  const receiver = await startReceiver(t)
  const made = await post.request({
    method: 'POST',
    url: '/v1/subscriptions',
    headers: post.owner,
    payload: { url: receiver.url }
  })
  const { id } = made.json()
  await post.publish('before the ping')
  await post.deliver()
  t.same(receiver.received, [], 'nothing is sent before it was pinged')
  await post.ask('POST', `/${id}/ping`)
  await post.deliver()
  t.same(
    receiver.received.map(({ event }) => [event.type, event.seq]),
    [
      ['subscription.ping', undefined],
      ['subscription.activated', undefined],
      ['catalogue.revision_published', 3]
    ]
  )
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
