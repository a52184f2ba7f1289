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
 * the ratios of neighbours counts, and the first round only warms up. What bounds the rate is told beside it: the processor time of both
 * sides.
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
    const middle = (of: (round: Round) => number) => median(kept.map(of))
    const rate = (of: (round: Round) => Phase) => Math.round(middle((round) => of(round).rate))
    const micros = (of: (round: Round) => number) => Math.round(middle(of))
    const share = (of: (round: Round) => number) => `${Math.round(100 * middle(of))} %`
    const plain = middle(({ v1 }) => v1.ours.rate / v1.bare.rate)
    const asymmetric = middle(({ v1a }) => v1a.ours.rate / v1a.bare.rate)
    return {
      counts: {
        deliveries: 2 * receivers * events * measured.length,
        'bare requests/s': rate(({ v1 }) => v1.bare),
        'deliveries/s': rate(({ v1 }) => v1.ours),
        ratio: plain.toFixed(2),
        'deliveries/s with v1a': rate(({ v1a }) => v1a.ours),
        'ratio with v1a': asymmetric.toFixed(2),
        'µs of processor for a bare request': micros(({ v1 }) => v1.bare.senderUs),
        'µs for a delivery': micros(({ v1 }) => v1.ours.senderUs),
        'µs for one with v1a': micros(({ v1a }) => v1a.ours.senderUs),
        'µs for its receiver': micros(({ v1 }) => v1.ours.receiverUs),
        'of the time the sender ran': share(({ v1 }) => (v1.ours.rate * v1.ours.senderUs) / 1e6),
        'it waited for answers': share(({ v1 }) => v1.ours.idle),
        'the receivers ran': share(({ v1 }) => (v1.ours.rate * v1.ours.receiverUs) / 1e6)
      },
      failures: failures.list,
      missed: [
        ...missedGoal('the ratio', plain, 0.7, 'at least'),
        ...missedGoal('the ratio with v1a', asymmetric, 0.45, 'at least'),
        ...missedGoal(
          'deliveries a second',
          rate(({ v1 }) => v1.ours),
          300,
          'at least'
        )
      ]
    }
  }
}

/** What was measured while requests went out. */
interface Phase {
  /** Requests a second. */
  readonly rate: number
  /** Processor time for one request, in microseconds. What bounds the rate shows by it, whoever else uses the machine. */
  readonly senderUs: number
  readonly receiverUs: number
  /** The part of the time in which the sender had nothing to do but wait. */
  readonly idle: number
}

interface Pair {
  readonly bare: Phase
  readonly ours: Phase
}

interface Round {
  readonly v1: Pair
  readonly v1a: Pair
}

async function runRound(crowd: Crowd, events: number, failures: Failures): Promise<Round> {
  return { v1: await runPair(crowd, events, false, failures), v1a: await runPair(crowd, events, true, failures) }
}

/** Events are there before anybody asks how fast they go out. */
async function runPair(crowd: Crowd, events: number, isAsymmetric: boolean, failures: Failures): Promise<Pair> {
  const t = new Teardown()
  const couriers = await openCouriers(t)
  const subscriptions: { readonly id: string; readonly secret: string }[] = []
  for (const url of crowd.urls) subscriptions.push(await couriers.subscribe(url, { isAsymmetric }))
  for (let event = 0; event < events; event += 1) await couriers.publish()
  const requests = await Promise.all(subscriptions.map(({ id }) => firstRequest(couriers, id)))
  const count = receivers * events
  const bare = await measure(crowd, count, () => sendBare(requests, events))

  await crowd.begin({ secrets: subscriptions.map(({ secret }) => secret), after: 0 })
  const ours = await measure(crowd, count, async () => {
    await couriers.deliveries.start()
    await couriers.deliveries.settled()
  })
  const { received, misplaced, verified, unverified } = await crowd.told()
  failures.expect(received === count, `${received} deliveries of ${count}`)
  failures.expect(misplaced === 0, `${misplaced} deliveries out of order`)
  failures.expect(
    verified > 0 && unverified === 0,
    `${unverified} deliveries that did not verify, ${verified} that did`
  )
  await t.run()
  return { bare, ours }
}

async function measure(crowd: Crowd, count: number, send: () => Promise<void>): Promise<Phase> {
  const receiversBefore = (await crowd.told()).processorUs
  const [began, loop, processor] = [performance.now(), performance.eventLoopUtilization(), process.cpuUsage()]
  await send()
  const took = performance.now() - began
  const { user, system } = process.cpuUsage(processor)
  const { utilization } = performance.eventLoopUtilization(loop)
  return {
    rate: count / (took / 1000),
    senderUs: (user + system) / count,
    receiverUs: ((await crowd.told()).processorUs - receiversBefore) / count,
    idle: 1 - utilization
  }
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

async function sendBare(requests: readonly WebhookRequest[], each: number): Promise<void> {
  const dispatcher = new Agent({ connections: 1, pipelining: 1 })
  await Promise.all(
    requests.map(async ({ url, headers, body }) => {
      for (let count = 0; count < each; count += 1) {
        const answer = await request(url, { dispatcher, method: 'POST', headers, body })
        await answer.body.dump()
      }
    })
  )
  await dispatcher.close()
}
