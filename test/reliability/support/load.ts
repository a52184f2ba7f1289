import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import { type Catalogues, makeCatalogues } from '../../../src/catalogue/catalogues.ts'
import { activateSubscription } from '../../../src/catalogue/webhook/subscription-state.ts'
import { createSubscription, type SubscriptionContext } from '../../../src/catalogue/webhook/subscriptions.ts'
import { Deliveries } from '../../../src/delivery/deliveries.ts'
import { Egress } from '../../../src/delivery/egress.ts'
import { Receivers } from '../../../src/delivery/receivers.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { openStore } from '../../../src/store/open.ts'
import { documentOf, publicationOf } from '../../store/support/documents.ts'
import { type Inbox, openInbox } from './inbox.ts'
import type { Teardown } from './report.ts'
import { temporaryFolder } from './service.ts'

/** Couriers on a store in a file, as fast as they can. */
export interface Couriers {
  readonly catalogues: Catalogues
  readonly deliveries: Deliveries
  readonly subscribing: SubscriptionContext
  /** An active subscription: its id and secret. */
  subscribe(url: string, definition?: Definition): Promise<{ readonly id: string; readonly secret: string }>
  /** One more event, of this catalogue: its seq, and when it was committed. */
  publish(catalogue?: string): Promise<{ readonly seq: number; readonly at: number }>
}

interface Definition {
  readonly isAsymmetric?: boolean
}

/** With receivers in this process. */
export interface Load extends Couriers {
  readonly inboxes: readonly Inbox[]
  readonly ids: readonly string[]
  /** Until every inbox has so many events, or the time is over. */
  arrived(events: number, ms: number, inboxes?: readonly Inbox[]): Promise<boolean>
}

/** `deliveries` are not started. */
export async function openCouriers(t: Teardown): Promise<Couriers> {
  const store = await openStore(`sqlite:${join(temporaryFolder(t), 'portolan.db')}`)
  const catalogues = makeCatalogues(store, {
    now: () => Date.now(),
    random: randomBytes,
    upcomingDays: [],
    onError: () => {}
  })
  const { heads } = catalogues
  const egress = new Egress({
    policy: { allow: ['127.0.0.0/8'], allowsHttp: true },
    lookup: async () => [],
    connectMs: 5000
  })
  const deliveries = new Deliveries({
    catalogues,
    transport: new Receivers({ egress, deadlineMs: 20_000 }),
    base: () => 'https://portolan.example',
    chance: () => 0.5,
    rate: 1_000_000,
    log: pino({ level: 'silent' })
  })
  await heads.start()
  t.teardown(async () => {
    await deliveries.close()
    await catalogues.close()
  })
  const subscribing: SubscriptionContext = { ...catalogues, receivers: egress }
  const documents = new Map<string, { readonly document: Document; readonly number: number }>()
  let seq = 0
  return {
    catalogues,
    deliveries,
    subscribing,
    async subscribe(url, { isAsymmetric = false } = {}) {
      const { subscription, secret } = await createSubscription(subscribing, {
        definition: { url, filter: {}, format: 'standard', ordering: 'strict', isAsymmetric, headers: {} }
      })
      await activateSubscription(subscribing, 'shell', subscription.id)
      return { id: subscription.id, secret }
    },
    async publish(catalogue = 'catalogue') {
      const before = documents.get(catalogue)
      const number = (before?.number ?? 0) + 1
      const document = documentOf([], { id: catalogue, label: String(number) })
      await store.commit(publicationOf(before?.document, document, number))
      const at = performance.now()
      documents.set(catalogue, { document, number })
      seq += 1
      void heads.refresh()
      return { seq, at }
    }
  }
}

export async function startLoad(t: Teardown, receivers: number): Promise<Load> {
  const inboxes = await Promise.all(Array.from({ length: receivers }, openInbox))
  const couriers = await openCouriers(t)
  t.teardown(() => {
    for (const inbox of inboxes) inbox.close()
  })
  await couriers.deliveries.start()
  const ids: string[] = []
  for (const inbox of inboxes) {
    const { id, secret } = await couriers.subscribe(inbox.url)
    inbox.secrets = [secret]
    ids.push(id)
  }
  await couriers.deliveries.settled()
  return {
    ...couriers,
    inboxes,
    ids,
    async arrived(events, ms, wanted = inboxes) {
      const end = performance.now() + ms
      while (!wanted.every(({ seqs }) => new Set(seqs).size >= events)) {
        if (performance.now() > end) return false
        await new Promise((resolve) => setTimeout(resolve, 20))
      }
      return true
    }
  }
}

/** What must hold of any inbox: all of it, in order, verified. */
export function inboxFaults({ seqs, faults, url }: Inbox, events: number): readonly string[] {
  const first = [...new Set(seqs)]
  const isOrdered = first.every((seq, index) => seq === index + 1)
  return [
    ...(first.length === events ? [] : [`${url} got ${first.length} of ${events} events`]),
    ...(isOrdered ? [] : [`${url} got them out of order`]),
    ...faults.slice(0, 1)
  ]
}
