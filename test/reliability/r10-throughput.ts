import { Agent, request } from 'undici'
import { signingKeyOf } from '../../src/catalogue/webhook/signing.ts'
import type { WebhookRequest } from '../../src/delivery/transport.ts'
import { webhookRequest } from '../../src/delivery/webhook-request.ts'
import { type Crowd, openCrowd } from './support/crowd.ts'
import { type Couriers, openCouriers } from './support/load.ts'
import { Failures, median, missedGoal, type Reliability, Teardown } from './support/report.ts'

const receivers = 50
const sizes = { ci: { rounds: 2, events: 200 }, full: { rounds: 5, events: 600 } } as const

/**
 * Deliveries a second, signed, logged and leased, beside bare requests: `undici.request` sends the same bytes to the same receivers over
 * connections that stay, one at a time to each, as many as there are deliveries. In turn, since a shared machine drifts: the median of
 * the ratios of neighbours counts, and the first round only warms up.
 */
export const throughput: Reliability = {
  name: 'R10',
  title: 'throughput to fifty receivers',
  async run(size) {
    const { rounds, events } = sizes[size]
    const failures = new Failures()
    const t = new Teardown()
    const crowd = await openCrowd(t, receivers)
    const measured: Round[] = []
    for (let round = 0; round <= rounds; round += 1) measured.push(await runRound(crowd, events, failures))
    await t.run()
    const kept = measured.slice(1)
    const rate = (of: (round: Round) => number) => Math.round(median(kept.map(of)))
    const ratio = (of: (round: Round) => number) => median(kept.map(of))
    const [plain, asymmetric] = [ratio(({ bare, v1 }) => v1 / bare), ratio(({ bareBefore, v1a }) => v1a / bareBefore)]
    return {
      counts: {
        deliveries: 2 * receivers * events * measured.length,
        'bare requests/s': rate(({ bare }) => bare),
        'deliveries/s': rate(({ v1 }) => v1),
        ratio: plain.toFixed(2),
        'deliveries/s with v1a': rate(({ v1a }) => v1a),
        'ratio with v1a': asymmetric.toFixed(2)
      },
      failures: failures.list,
      missed: [
        ...missedGoal('the ratio', plain, 0.7, 'at least'),
        ...missedGoal('the ratio with v1a', asymmetric, 0.45, 'at least'),
        ...missedGoal(
          'deliveries a second',
          rate(({ v1 }) => v1),
          300,
          'at least'
        )
      ]
    }
  }
}

/** All of them by the second. */
interface Round {
  readonly bare: number
  readonly v1: number
  readonly bareBefore: number
  readonly v1a: number
}

async function runRound(crowd: Crowd, events: number, failures: Failures): Promise<Round> {
  const first = await runPair(crowd, events, false, failures)
  const second = await runPair(crowd, events, true, failures)
  return { bare: first.bare, v1: first.ours, bareBefore: second.bare, v1a: second.ours }
}

/** Events are there before anybody asks how fast they go out. */
async function runPair(
  crowd: Crowd,
  events: number,
  isAsymmetric: boolean,
  failures: Failures
): Promise<{ readonly bare: number; readonly ours: number }> {
  const t = new Teardown()
  const couriers = await openCouriers(t)
  const subscriptions: { readonly id: string; readonly secret: string }[] = []
  for (const url of crowd.urls) subscriptions.push(await couriers.subscribe(url, { isAsymmetric }))
  for (let event = 0; event < events; event += 1) await couriers.publish()
  const requests = await Promise.all(subscriptions.map(({ id }) => firstRequest(couriers, id)))
  const bare = await bareRate(requests, events)

  await crowd.begin({ secrets: subscriptions.map(({ secret }) => secret), after: 0 })
  const began = performance.now()
  await couriers.deliveries.start()
  await couriers.deliveries.settled()
  const took = (performance.now() - began) / 1000
  const { received, misplaced, verified, unverified } = await crowd.told()
  failures.expect(received === receivers * events, `${received} deliveries of ${receivers * events}`)
  failures.expect(misplaced === 0, `${misplaced} deliveries out of order`)
  failures.expect(
    verified > 0 && unverified === 0,
    `${unverified} deliveries that did not verify, ${verified} that did`
  )
  await t.run()
  return { bare, ours: received / took }
}

/** What is sent to a subscription for the first event. */
async function firstRequest({ catalogues }: Couriers, id: string): Promise<WebhookRequest> {
  const { store, now } = catalogues
  const subscription = await store.subscriptions.find(id)
  const [event] = await store.events({ after: 0, limit: 1 })
  if (!subscription || !event) throw new Error('nothing is there to be sent')
  const sender = { epoch: store.epoch, base: 'https://portolan.example' }
  const key = subscription.isAsymmetric ? await signingKeyOf(catalogues) : undefined
  return webhookRequest(subscription, { kind: 'live', event, prevSeq: 0 }, { sender, now: now(), ...(key && { key }) })
}

async function bareRate(requests: readonly WebhookRequest[], each: number): Promise<number> {
  const dispatcher = new Agent({ connections: 1, pipelining: 1 })
  const began = performance.now()
  await Promise.all(
    requests.map(async ({ url, headers, body }) => {
      for (let count = 0; count < each; count += 1) {
        const answer = await request(url, { dispatcher, method: 'POST', headers, body })
        await answer.body.dump()
      }
    })
  )
  const took = (performance.now() - began) / 1000
  await dispatcher.close()
  return (requests.length * each) / took
}
