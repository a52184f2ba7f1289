import { Counter, Gauge, type Registry } from 'prom-client'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { noticeTypes } from '../../domain/webhook/notice.ts'
import { subscriptionStates } from '../../domain/webhook/subscription.ts'
import { WaitingWebhooksReader } from './waiting-webhooks.ts'

/** What the couriers of this process did since it started. */
export interface DeliveryState {
  readonly counters: {
    readonly attempts: ReadonlyMap<string, number>
    readonly notices: ReadonlyMap<string, number>
    readonly deadLetters: number
    readonly attemptSeconds: number
  }
  /** The thread that they are in. Absent: they are on the loop. */
  readonly thread?: { readonly isDown: boolean; readonly restarts: number }
}

type Sources = Pick<Catalogues, 'store' | 'heads' | 'now'>

/** Metrics of webhooks. What waits is read from the store, so it is the same in every process. */
export function deliveryMetrics(registry: Registry, catalogues: Sources, deliveries?: DeliveryState): void {
  const registers = [registry]
  const waiting = new WaitingWebhooksReader(catalogues)
  new Gauge({
    name: 'portolan_subscriptions',
    help: 'Subscriptions by state',
    labelNames: ['state'],
    registers,
    async collect() {
      const counts = (await waiting.latest())?.counts
      if (counts) for (const state of subscriptionStates) this.set({ state }, counts.get(state) ?? 0)
    }
  })
  new Gauge({
    name: 'portolan_subscription_lag_events',
    help: 'How far the cursor of a subscription is behind the newest event that matches, in seq; for at most 100 subscriptions that are behind',
    labelNames: ['subscription'],
    registers,
    async collect() {
      this.reset()
      for (const { id, matched, cursor } of (await waiting.latest())?.lagging ?? [])
        this.set({ subscription: id }, Math.max(0, matched - cursor))
    }
  })
  new Gauge({
    name: 'portolan_delivery_queue_age_seconds',
    help: 'How long the oldest matching event that was not sent yet has waited; 0 if none waits',
    registers,
    async collect() {
      const oldestAt = (await waiting.latest())?.oldestAt
      this.set(oldestAt === undefined ? 0 : Math.max(0, catalogues.now() - oldestAt) / 1000)
    }
  })
  new Gauge({
    name: 'portolan_delivery_leases',
    help: 'Subscriptions that a process holds to send to them; lapsed: its time is over, and it neither gave them back nor was replaced',
    labelNames: ['state'],
    registers,
    async collect() {
      const leases = (await waiting.latest())?.leases
      if (leases) for (const state of ['held', 'lapsed'] as const) this.set({ state }, leases[state])
    }
  })
  new Gauge({
    name: 'portolan_store_metrics_age_seconds',
    help: 'How old the metrics of subscriptions are that were read from the store: while it is away they are the last that it said',
    registers,
    async collect() {
      const askedAt = (await waiting.latest())?.askedAt
      this.set(askedAt === undefined ? Number.POSITIVE_INFINITY : (performance.now() - askedAt) / 1000)
    }
  })
  if (!deliveries) return
  new Counter({
    name: 'portolan_delivery_attempts_total',
    help: 'Requests of this process to receivers, by result: delivered, or why not',
    labelNames: ['result'],
    registers,
    collect() {
      this.reset()
      this.inc({ result: 'delivered' }, deliveries.counters.attempts.get('delivered') ?? 0)
      for (const [result, count] of deliveries.counters.attempts)
        if (result !== 'delivered') this.inc({ result }, count)
    }
  })
  new Counter({
    name: 'portolan_dead_letters_total',
    help: 'Events that this process gave up for a subscription, since its receiver refused them for long',
    registers,
    collect() {
      this.reset()
      this.inc(deliveries.counters.deadLetters)
    }
  })
  new Counter({
    name: 'portolan_delivery_seconds_total',
    help: 'Total time that requests to receivers took',
    registers,
    collect() {
      this.reset()
      this.inc(deliveries.counters.attemptSeconds)
    }
  })
  new Counter({
    name: 'portolan_subscription_notices_total',
    help: 'Notices to owners of subscriptions: every change of a state is one',
    labelNames: ['type'],
    registers,
    collect() {
      this.reset()
      for (const type of noticeTypes) this.inc({ type }, deliveries.counters.notices.get(type) ?? 0)
    }
  })
  const { thread } = deliveries
  if (thread) senderMetrics(registry, () => deliveries.thread ?? thread)
}

/** Metrics of the thread that the couriers are in. */
function senderMetrics(registry: Registry, thread: () => NonNullable<DeliveryState['thread']>): void {
  const registers = [registry]
  new Gauge({
    name: 'portolan_sender_down',
    help: '1 while the thread that sends webhooks has ended by itself, and is started again, or says nothing',
    registers,
    collect() {
      this.set(thread().isDown ? 1 : 0)
    }
  })
  new Counter({
    name: 'portolan_sender_restarts_total',
    help: 'How often the thread that sends webhooks ended by itself',
    registers,
    collect() {
      this.reset()
      this.inc(thread().restarts)
    }
  })
}
