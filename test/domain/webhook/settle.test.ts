import t from 'tap'
import type { LoggedEvent } from '../../../src/domain/event/event.ts'
import type { DeliveryTask } from '../../../src/domain/webhook/delivery.ts'
import type { Outcome } from '../../../src/domain/webhook/outcome.ts'
import { patienceMs } from '../../../src/domain/webhook/retry.ts'
import { type Settlement, settle } from '../../../src/domain/webhook/settle.ts'
import type { Subscription } from '../../../src/domain/webhook/subscription.ts'
import { fc } from '../../support/scale.ts'

const now = Date.parse('2018-11-22T00:00:00Z')
const minute = 60_000

function subscription(more: Partial<Subscription> = {}): Subscription {
  return {
    ...{ id: 'sub_1', url: 'https://receiver.example', filter: {}, format: 'standard', ordering: 'strict' },
    ...{
      isAsymmetric: false,
      headers: {},
      createdAt: 0,
      updatedAt: 0,
      state: 'active',
      stateSince: 0,
      secrets: [],
      version: 1
    },
    ...{
      cursor: 1,
      matched: 9,
      previous: 1,
      ahead: [],
      redrives: 0,
      notices: 0,
      dueAt: 0,
      failures: 0,
      refusals: 0,
      attempts: 7
    },
    ...more
  }
}

function task(seq: number, kind: 'live' | 'replay' | 'redrive' = 'live'): DeliveryTask {
  const event: LoggedEvent = {
    ...{ seq, id: `evt_${seq}`, type: 'catalogue.created', catalogue: 'a', occurredAt: 0, effectiveAt: 0, lateByMs: 0 },
    ...{ revision: { number: 1, label: '1', digest: '' }, counts: { added: 0, removed: 0, changed: 0 } },
    ...{ changes: [], truncated: false }
  }
  return { kind, event, prevSeq: seq - 1 }
}

const ping: DeliveryTask = {
  kind: 'notice',
  notice: { id: 'evt_p', type: 'subscription.ping', occurredAt: 0, state: 'pending' }
}

function answered(
  status: number,
  more: { readonly retryAfter?: string; readonly isDisabling?: boolean } = {}
): Outcome {
  return { kind: 'answered', status, isDisabling: false, body: '', durationMs: 1, ...more }
}
const timeout: Outcome = { kind: 'failed', error: 'timeout', detail: 'late', durationMs: 20_000 }

function after(
  before: Subscription,
  outcome: Outcome,
  what: DeliveryTask = task(2),
  at = now,
  random = 0.5
): Settlement {
  return settle(before, [{ task: what, outcome }], { now: at, random })
}

t.test('an event that is taken moves the cursor, and a receiver that recovers is active again', async (t) => {
  t.match(after(subscription(), answered(204)), {
    progress: { cursor: 2, previous: 2, attempts: 8, failures: 0 },
    change: undefined
  })
  const ill = subscription({ state: 'degraded', failures: 3, failingSince: 5, dueAt: 5 })
  const { progress, change } = after(ill, answered(200))
  t.match(progress, { cursor: 2, failures: 0, dueAt: now })
  t.equal(progress.failingSince, undefined)
  t.match(change, { from: 'degraded', to: 'active', type: 'subscription.activated' })
})

t.test('a receiver that is down keeps its cursor, and is tried again ever later', async (t) => {
  let before = subscription()
  const waits: number[] = []
  for (let attempt = 0; attempt < 9; attempt += 1) {
    const { progress, change } = after(before, attempt % 2 ? timeout : answered(503))
    if (attempt === 0) t.match(change, { to: 'degraded', type: 'subscription.degraded' })
    else t.equal(change, undefined)
    waits.push((progress.dueAt - now) / 1000)
    before = { ...before, ...progress, state: 'degraded' }
  }
  t.same(waits, [5, 30, 120, 300, 900, 1800, 3600, 3600, 3600])
  t.equal(before.cursor, 1)
})

t.test('chance moves a retry by a fifth at most', async () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 20 }),
      fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }),
      (failures, random) => {
        const wait = after(subscription({ failures }), timeout, task(2), now, random).progress.dueAt - now
        const middle = after(subscription({ failures }), timeout).progress.dueAt - now
        return wait >= middle * 0.8 - 1 && wait <= middle * 1.2 + 1
      }
    )
  )
})

t.test('after 72 hours without a success it is suspended, and nothing is lost', async (t) => {
  const ill = subscription({ state: 'degraded', failures: 80, failingSince: now - patienceMs })
  t.match(after(ill, timeout), { change: { to: 'suspended' }, progress: { cursor: 1 }, deadLetters: [] })
  t.equal(after(ill, timeout, task(2), now - 1).change, undefined)
})

t.test('Retry-After makes a pause longer, in seconds or as a date, up to an hour, and never shorter', async (t) => {
  const wait = (retryAfter: string, status = 503) =>
    after(subscription(), answered(status, { retryAfter })).progress.dueAt - now
  t.equal(wait('7'), 7000)
  t.equal(wait('7', 429), 7000)
  t.equal(wait('0'), 5000)
  t.equal(wait('1', 429), 5000)
  t.equal(wait('1000000000'), 3_600_000)
  t.equal(wait('Thu, 22 Nov 2018 00:01:30 GMT'), 90_000)
  t.equal(wait('Thu, 22 Nov 2017 00:01:30 GMT'), 5000)
  for (const nonsense of ['-1', '1e9', 'x', '', '1.5']) t.equal(wait(nonsense), 5000, nonsense)
})

t.test('an event that is refused three times over ten minutes is a dead letter, and the next one comes', async (t) => {
  let before = subscription()
  let at = now
  for (const turn of [1, 2]) {
    const { progress, deadLetters } = after(before, answered(404), task(2), at, 0)
    t.match(progress, { cursor: 1, refusals: turn })
    t.same(deadLetters, [])
    before = { ...before, ...progress }
    at = progress.dueAt
  }
  t.equal(at, now + 10 * minute)
  t.equal(after(before, answered(404), task(2), at - 1).deadLetters.length, 0, 'not sooner')
  const { progress, deadLetters } = after(before, answered(404), task(2), at)
  t.match(deadLetters, [{ subscription: 'sub_1', seq: 2, event: 'evt_2', status: 404, isRedriving: false }])
  t.match(progress, { cursor: 2, refusals: 0, dueAt: at, failures: 3 })
})

t.test('each status means delivered, down, refused or gone', async (t) => {
  const meaning = (status: number, isDisabling = false) => {
    const { progress, change } = after(subscription(), answered(status, { isDisabling }))
    if (change?.to === 'gone') return progress.cursor === 2 ? 'delivered, gone' : 'gone'
    return progress.cursor === 2 ? 'delivered' : progress.refusals === 1 ? 'refused' : 'down'
  }
  for (const status of [200, 201, 202, 204, 299]) t.equal(meaning(status), 'delivered', String(status))
  for (const status of [301, 302, 307, 308, 408, 425, 429, 500, 502, 503, 504, 599])
    t.equal(meaning(status), 'down', String(status))
  for (const status of [400, 401, 403, 404, 405, 409, 413, 415, 422, 451])
    t.equal(meaning(status), 'refused', String(status))
  t.equal(meaning(410), 'gone')
  t.equal(meaning(200, true), 'delivered, gone')
  t.equal(meaning(503, true), 'gone')
})

t.test('a ping that is answered makes any subscription active; one that is not changes nothing', async (t) => {
  for (const state of ['pending', 'degraded', 'suspended', 'paused', 'gone'] as const) {
    const before = subscription({ state, notices: 1, failures: 4, failingSince: 1, dueAt: now + 1000 })
    const answer = after(before, answered(204), ping)
    t.match(answer, {
      change: { from: state, to: 'active' },
      settledNotices: ['evt_p'],
      progress: { notices: 0, failures: 0, dueAt: now }
    })
    t.match(after(before, answered(500), ping), {
      change: undefined,
      settledNotices: ['evt_p'],
      progress: { failures: 4, dueAt: now + 1000 }
    })
  }
  t.equal(after(subscription({ notices: 1 }), answered(204), ping).change, undefined)
})

t.test('a replay goes on to its end, and then is over', async (t) => {
  const before = subscription({ replay: { from: 3, to: 5, next: 4 } })
  t.match(after(before, answered(204), task(4, 'replay')).progress, { cursor: 1, replay: { next: 5 } })
  t.equal(after(before, answered(204), task(5, 'replay')).progress.replay, undefined)
  t.match(after(before, timeout, task(4, 'replay')).progress, { replay: { next: 4 }, failures: 1 })
})

t.test('a dead letter that is sent again is taken, waits, or is dead once more', async (t) => {
  const before = subscription({ redrives: 2 })
  t.match(after(before, answered(204), task(2, 'redrive')), {
    redriven: [{ seq: 2, isTaken: true }],
    progress: { redrives: 1, cursor: 1 }
  })
  t.match(after(before, answered(404), task(2, 'redrive')), {
    redriven: [{ seq: 2, isTaken: false }],
    progress: { redrives: 1 }
  })
  t.match(after(before, timeout, task(2, 'redrive')), { redriven: [], progress: { redrives: 2, failures: 1 } })
})

t.test('where order does not matter, what was taken is not sent again', async () => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 4 }), (taken) => {
      const before = subscription({ ordering: 'none' })
      const attempts = taken.map((is, index) => ({ task: task(index + 2), outcome: is ? answered(204) : timeout }))
      const { progress } = settle(before, attempts, { now, random: 0.5 })
      const delivered = (seq: number) => seq <= progress.cursor || progress.ahead.includes(seq)
      return taken.every((is, index) => delivered(index + 2) === is) && progress.attempts === 7 + taken.length
    })
  )
})
