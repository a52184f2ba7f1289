import type { DeadLetter, Delivery } from '../../../src/domain/webhook/delivery.ts'
import type { Notice } from '../../../src/domain/webhook/notice.ts'
import type { Settlement } from '../../../src/domain/webhook/settle.ts'
import { progressOf, type Subscription, type SubscriptionDefinition } from '../../../src/domain/webhook/subscription.ts'
import type { Leased, Result, Store } from '../../../src/store/store.ts'
import { documentOf, publishAll } from '../support/documents.ts'
import type { Contract } from './use.ts'

const definition: SubscriptionDefinition = {
  url: 'https://receiver.example/hook',
  filter: {},
  format: 'standard',
  ordering: 'strict',
  isAsymmetric: false,
  headers: { 'x-team': 'network' }
}
const secrets = [{ text: 'whsec_AAAA' }]
const notice: Notice = { id: 'evt_1', type: 'subscription.ping', occurredAt: 1, state: 'pending' }

function add({ subscriptions }: Store, id: string, owner?: string): Promise<boolean> {
  return subscriptions.add({ id, ...(owner !== undefined && { owner }), definition, secrets, createdAt: 10 })
}

async function get(store: Store, id: string): Promise<Subscription> {
  const found = await store.subscriptions.find(id)
  if (!found) throw new Error(`no ${id}`)
  return found
}

/** An active subscription with one event to be sent. */
async function waiting(store: Store, id = 'a'): Promise<void> {
  await publishAll(store, [documentOf([])])
  await add(store, id)
  await store.subscriptions.edit(id, 1, { state: { to: 'active' } }, 11)
  await publishAll(store, [documentOf([], { id: 'other' })])
  const place = await store.subscriptions.fanOut()
  await store.subscriptions.mark(place, 2, new Map([[2, [id]]]))
}

/** A lease that ends at once, unless it is said. Leases are judged by the clock of the store, where it has one. */
async function claimOne(store: Store, holder = 'h', now = 100, leaseMs = 0): Promise<Leased> {
  const [leased] = await store.subscriptions.claim({ holder, now, leaseMs, limit: 10 })
  if (!leased) throw new Error('nothing was claimed')
  return leased
}

const nothing = { deadLetters: [], redriven: [], settledNotices: [] } as const

function resultOf(
  { subscription, fence }: Leased,
  settlement: Partial<Settlement>,
  more: Partial<Result> = {}
): Result {
  const progress = progressOf(subscription)
  return {
    id: subscription.id,
    fence,
    before: subscription,
    settlement: { progress, ...nothing, ...settlement },
    deliveries: [],
    notices: [],
    at: 100,
    leaseMs: 0,
    ...more
  }
}

function deliveryOf(subscription: string, number: number, at = 100): Delivery {
  const { url } = definition
  return {
    subscription,
    number,
    at,
    kind: 'live',
    event: 'evt_2',
    type: 'catalogue.created',
    seq: 2,
    url,
    result: 'delivered',
    status: 204,
    durationMs: 3
  }
}

export function subscriptionContract({ test }: Contract): void {
  test('a subscription begins at the end of the log, and is kept as it was made', async (t, store) => {
    await publishAll(store, [documentOf([])])
    await add(store, 'b', 'key')
    await add(store, 'a')
    t.strictSame(await get(store, 'b'), {
      ...definition,
      ...{ id: 'b', owner: 'key', createdAt: 10, updatedAt: 10, secrets, version: 1, state: 'pending', stateSince: 10 },
      ...{ cursor: 1, matched: 1, ahead: [], redrives: 0, notices: 0, dueAt: 10, failures: 0, refusals: 0, attempts: 0 }
    })
    const ids = async (owner?: string) => (await store.subscriptions.list(owner)).map(({ id }) => id)
    t.same(await ids(), ['a', 'b'])
    t.same(await ids('key'), ['b'])
    t.same(await ids('other'), [])
    t.same([...(await store.subscriptions.countByState())], [['pending', 2]])
    t.same(await store.subscriptions.owners(), ['key'])
    await store.subscriptions.edit('b', 1, { state: { to: 'paused' } }, 30)
    t.same(await store.subscriptions.owners(), [], 'nothing is sent for them')
    t.equal(await store.subscriptions.remove('b'), true)
    t.equal(await store.subscriptions.remove('b'), false)
    t.equal(await store.subscriptions.find('b'), undefined)
  })

  test('one creation makes one subscription for a day, and each owner has names of its own', async (t, store) => {
    const creation = { key: 'k1', digest: 'd1' }
    const make = (id: string, owner: string, createdAt = 10) =>
      store.subscriptions.add({ id, owner, creation, definition, secrets, createdAt })
    const day = 86_400_000
    t.strictSame((await Promise.all([make('a', 'x'), make('b', 'x')])).sort(), [false, true])
    t.equal(await make('c', 'y'), true)
    const [first] = await store.subscriptions.list('x')
    t.equal((await store.subscriptions.list()).length, 2, 'a refused one leaves nothing')
    t.strictSame(await store.subscriptions.made('x', 'k1', 9 + day), { subscription: first, creation })
    t.equal((await store.subscriptions.made('y', 'k1', 10))?.subscription.id, 'c')
    t.equal(await store.subscriptions.made('x', 'k2', 10), undefined)
    t.equal(await store.subscriptions.made('x', 'k1', 10 + day), undefined)
    t.equal(await make('d', 'x', 9 + day), false)
    t.equal(await make('d', 'x', 10 + day), true)
    t.equal((await store.subscriptions.made('x', 'k1', 10 + day))?.subscription.id, 'd')
    t.equal(await store.subscriptions.remove('d'), true)
    t.equal(await store.subscriptions.made('x', 'k1', 10 + day), undefined)
    t.equal(await add(store, 'e', 'x'), true)
    t.equal(await add(store, 'f', 'x'), true, 'without a name each is another one')
    await t.rejects(add(store, 'f', 'x'), 'that is no creation of before')
  })

  test('of two changes of one version, one is told to look again', async (t, store) => {
    await add(store, 'a')
    const edit = (description: string) =>
      store.subscriptions.edit(
        'a',
        1,
        { definition: { ...definition, description }, notices: [{ ...notice, id: description }] },
        20
      )
    const outcomes = await Promise.all([edit('x'), edit('y')])
    t.same([...outcomes].sort(), [false, true])
    t.match(await get(store, 'a'), { version: 2, notices: 1, updatedAt: 20, description: outcomes[0] ? 'x' : 'y' })
    t.equal(await store.subscriptions.edit('unknown', 1, {}, 20), false)
  })

  test('activating keeps the first time, and pausing says why', async (t, store) => {
    await add(store, 'a')
    await store.subscriptions.edit('a', 1, { state: { to: 'active' } }, 20)
    await store.subscriptions.edit('a', 2, { state: { to: 'paused', reason: 'by its owner' } }, 30)
    await store.subscriptions.edit('a', 3, { state: { to: 'active' } }, 40)
    const { activatedAt, state, stateSince, stateReason } = await get(store, 'a')
    t.same(
      { activatedAt, state, stateSince, stateReason },
      { activatedAt: 20, state: 'active', stateSince: 40, stateReason: undefined }
    )
  })

  test('the log is held against subscriptions once, whoever does it', async (t, store) => {
    const { subscriptions } = store
    await add(store, 'a')
    const place = await subscriptions.fanOut()
    const mark = () =>
      subscriptions.mark(
        place,
        5,
        new Map([
          [4, ['a', 'gone']],
          [5, ['a']]
        ])
      )
    t.same([...(await Promise.all([mark(), mark()]))].sort(), [false, true])
    t.equal((await get(store, 'a')).matched, 5)
    t.equal(await subscriptions.mark({ ...place, seq: 5 }, 6, new Map([[3, ['a']]])), true)
    t.equal((await get(store, 'a')).matched, 5, 'never back')
    await add(store, 'b')
    t.equal(await subscriptions.mark({ ...place, seq: 6 }, 7, new Map()), false, 'a subscription was made meanwhile')
    t.same(
      await subscriptions.filters(),
      [
        { id: 'a', filter: {} },
        { id: 'b', filter: {} }
      ].sort()
    )
  })

  test('work is claimed by one holder, until its lease ends', async (t, store) => {
    const { subscriptions } = store
    await waiting(store)
    t.equal(await subscriptions.nextDueIn(1), 10)
    const claim = (holder: string, leaseMs = 60_000) => subscriptions.claim({ holder, now: 100, leaseMs, limit: 10 })
    const claims = (await Promise.all(['x', 'y', 'z'].map((holder) => claim(holder)))).flat()
    t.equal(claims.length, 1)
    const fence = claims[0]?.fence ?? 0
    const waits = Number(await subscriptions.nextDueIn(100))
    t.ok(waits > 0 && waits <= 60_000)
    t.same(await claim('w'), [])
    const leases = () => subscriptions.countLeases(100)
    t.same(await leases(), { held: 1, lapsed: 0 })
    t.ok(await subscriptions.leased('a', fence))
    await subscriptions.release({ id: 'a', fence: fence - 1, now: 100, pauseMs: 0 })
    t.same(await claim('w'), [], 'nobody gives back what another one holds')
    await subscriptions.release({ id: 'a', fence, now: 100, pauseMs: 60_000 })
    t.same(await claim('w'), [], 'a holder that failed is not followed at once')
    t.same(await leases(), { held: 0, lapsed: 0 }, 'what is given back is no lease')
    await subscriptions.release({ id: 'a', fence, now: 100, pauseMs: 0 })
    const [later] = await claim('w', 0)
    t.equal(later?.fence, fence + 1)
    t.same(await leases(), { held: 0, lapsed: 1 })
    t.equal(await subscriptions.leased('a', fence), undefined, 'the first holder is told')
    t.equal((await claim('v')).length, 1, 'a lease whose time is over holds nobody off')
  })

  test('what is not due, paused, pending or done is not claimed', async (t, store) => {
    const { subscriptions } = store
    await waiting(store)
    const none = async (now = 100) => t.same(await subscriptions.claim({ holder: 'h', now, leaseMs: 45, limit: 9 }), [])
    await none(10)
    await subscriptions.edit('a', 2, { state: { to: 'paused' } }, 20)
    await none()
    t.equal(await subscriptions.nextDueIn(100), undefined)
    await subscriptions.edit('a', 3, { state: { to: 'active' } }, 30)
    const leased = await claimOne(store)
    const { progress } = resultOf(leased, {}).settlement
    const [after] = await subscriptions.record([
      resultOf(leased, { progress: { ...progress, cursor: 2, previous: 2 } })
    ])
    t.same(after, await get(store, 'a'), 'what is there now comes back')
    t.match(await get(store, 'a'), { cursor: 2, previous: 2, matched: 2 })
    await none()
    await subscriptions.edit('a', 4, { replay: { from: 1, to: 2 } }, 40)
    t.match((await claimOne(store, 'r', 200)).subscription.replay, { from: 1, to: 2, next: 1 })
  })

  test('what the owner changed while something was sent comes back with the result', async (t, store) => {
    await waiting(store)
    const leased = await claimOne(store, 'h', 100, 45_000)
    const changed = { definition: { ...definition, url: 'https://other.example/' }, secrets: [{ text: 'whsec_BBBB' }] }
    await store.subscriptions.edit('a', 2, changed, 50)
    const [after] = await store.subscriptions.record([resultOf(leased, {}, { leaseMs: 45_000 })])
    t.match(after, { url: 'https://other.example/', secrets: changed.secrets, version: 3 })
    t.strictSame(after, await get(store, 'a'))
  })

  test('a notice is claimed in any state and before its time, and is told once', async (t, store) => {
    const { subscriptions } = store
    await add(store, 'a')
    await subscriptions.edit('a', 1, { notices: [notice] }, 999)
    const leased = await claimOne(store)
    t.strictSame(await subscriptions.pendingNotice('a'), notice)
    const { progress } = resultOf(leased, {}).settlement
    const told = resultOf(leased, { progress: { ...progress, notices: 0 }, settledNotices: [notice.id] })
    await subscriptions.record([told])
    t.equal((await get(store, 'a')).notices, 0)
    t.equal(await subscriptions.pendingNotice('a'), undefined)
    t.equal(await subscriptions.nextDueIn(100), undefined)
  })

  test('a result of a lost lease moves nothing', async (t, store) => {
    await waiting(store)
    const old = await claimOne(store)
    const now = await claimOne(store, 'other', 145)
    const { progress } = resultOf(old, {}).settlement
    const moved = { progress: { ...progress, cursor: 2 } }
    t.strictSame(await store.subscriptions.record([resultOf(old, moved), resultOf(now, {})]), [
      undefined,
      await get(store, 'a')
    ])
    t.equal((await get(store, 'a')).cursor, 1)
  })

  test('a holder that was replaced and wrote into the log takes nothing from the results beside its own', async (t, store) => {
    const { subscriptions } = store
    await waiting(store)
    const old = await claimOne(store)
    const now = await claimOne(store, 'other', 145)
    const entry = deliveryOf('a', 1)
    await subscriptions.record([resultOf(old, {}, { deliveries: [entry] })])
    const { progress } = resultOf(now, {}).settlement
    const moved = resultOf(now, { progress: { ...progress, cursor: 2 } }, { deliveries: [entry] })
    t.match(await subscriptions.record([moved]), [{ cursor: 2 }])
    t.equal((await subscriptions.deliveries('a', { limit: 10 })).length, 1)
  })

  test('what the owner decides while something is sent stands', async (t, store) => {
    const { subscriptions } = store
    await waiting(store)
    const leased = await claimOne(store)
    await subscriptions.edit('a', 2, { state: { to: 'paused' }, notices: [notice], replay: { from: 1, to: 1 } }, 50)
    const progress = { ...progressOf(leased.subscription), cursor: 2, failures: 1, dueAt: 5000 }
    const change = { from: 'active', to: 'degraded', type: 'subscription.degraded', reason: 'x' } as const
    await subscriptions.record([resultOf(leased, { progress, change })])
    t.match(await get(store, 'a'), {
      state: 'paused',
      dueAt: 50,
      failures: 0,
      cursor: 2,
      notices: 1,
      replay: { next: 1 }
    })
  })

  test('deliveries are kept newest first, and purged by age and number', async (t, store) => {
    const { subscriptions } = store
    await waiting(store)
    const leased = await claimOne(store)
    const all = [1, 2, 3, 4].map((number) => deliveryOf('a', number, number * 100))
    // The attempts of a subscription number its entries.
    const progress = { ...progressOf(leased.subscription), attempts: all.length }
    await subscriptions.record([resultOf(leased, { progress }, { deliveries: all })])
    const numbers = async (before?: number) =>
      (await subscriptions.deliveries('a', { limit: 2, ...(before !== undefined && { before }) })).map(
        ({ number }) => number
      )
    t.same(await numbers(), [4, 3])
    t.same(await numbers(3), [2, 1])
    t.strictSame((await subscriptions.deliveries('a', { limit: 1 }))[0], all[3])
    t.equal(await subscriptions.purge({ before: 101, most: 2 }), 2)
    t.same(await numbers(), [4, 3])
    t.equal(await subscriptions.purge({ before: 101, most: 2 }), 0)
    await subscriptions.remove('a')
    t.same(await numbers(), [])
  })

  test('dead letters wait, and are sent again when asked for', async (t, store) => {
    const { subscriptions } = store
    await waiting(store)
    const leased = await claimOne(store)
    const letter: DeadLetter = {
      subscription: 'a',
      seq: 2,
      event: 'evt_2',
      type: 'catalogue.created',
      at: 100,
      status: 404,
      isRedriving: false
    }
    const progress = { ...progressOf(leased.subscription), cursor: 2 }
    await subscriptions.record([resultOf(leased, { progress, deadLetters: [letter] })])
    t.strictSame(await subscriptions.deadLetters('a', 10), [letter])
    t.equal(await subscriptions.redrive('a', [7], 100), 0)
    t.equal(await subscriptions.redrive('a', undefined, 100), 1)
    t.equal(await subscriptions.redrive('a', undefined, 100), 0, 'once')
    t.strictSame(await subscriptions.nextRedrive('a'), { ...letter, isRedriving: true })
    const again = await claimOne(store, 'again')
    t.equal(again.subscription.redrives, 1)
    const done = { ...progressOf(again.subscription), redrives: 0 }
    await subscriptions.record([resultOf(again, { progress: done, redriven: [{ seq: 2, isTaken: true }] })])
    t.same(await subscriptions.deadLetters('a', 10), [])
    t.equal((await get(store, 'a')).redrives, 0)
  })

  test('one signing key is kept, whoever makes it', async (t, store) => {
    const key = (id: string) => ({ id, publicKey: `p${id}`, privateKey: `s${id}`, createdAt: 1 })
    const first = await store.subscriptions.addSigningKey(key('a'))
    t.strictSame(first, key('a'))
    t.strictSame(await store.subscriptions.signingKeys(), [first])
  })
}
