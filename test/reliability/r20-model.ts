import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { pino } from 'pino'
import { makeCatalogues, type OwnedCatalogues } from '../../src/catalogue/catalogues.ts'
import {
  activateSubscription,
  pauseSubscription,
  resumeSubscription
} from '../../src/catalogue/webhook/subscription-state.ts'
import {
  createSubscription,
  replaySubscription,
  type SubscriptionContext
} from '../../src/catalogue/webhook/subscriptions.ts'
import { Deliveries } from '../../src/delivery/deliveries.ts'
import type { WebhookTransport } from '../../src/delivery/transport.ts'
import type { Document } from '../../src/domain/document/document.ts'
import { progressOf } from '../../src/domain/webhook/subscription.ts'
import { openStore } from '../../src/store/open.ts'
import type { Leased } from '../../src/store/store.ts'
import { documentOf, publicationOf } from '../store/support/documents.ts'
import { firstComings, isAscending } from './support/inbox.ts'
import type { Reliability } from './support/report.ts'

/** What a subscription should be: a hundred lines of service in ten. */
interface Model {
  events: number
  isPaused: boolean
  /** Events that were published while it was paused are not to come. */
  pausedAt: number
}

/** The service under test, on a clock that is set, and a receiver in memory that fails as it is told. */
class Real {
  readonly seqs: number[] = []
  answers: 'takes' | 'fails' | 'takes and is not heard' = 'takes'
  now = Date.parse('2018-10-01T00:00:00Z')
  crashes = 0
  #catalogues: OwnedCatalogues | undefined
  #deliveries: Deliveries | undefined
  #document: Document | undefined
  #number = 0
  /** The leases of holders that are thought dead. */
  readonly #replaced: Leased[] = []
  lateWrites = 0
  id = ''

  get catalogues(): OwnedCatalogues {
    if (!this.#catalogues) throw new Error('not open')
    return this.#catalogues
  }

  get subscribing(): SubscriptionContext {
    return { ...this.catalogues, receivers: { check: async () => {} } }
  }

  async open(ordering: 'strict' | 'none'): Promise<void> {
    const store = await openStore('sqlite::memory:')
    this.#catalogues = makeCatalogues(store, {
      now: () => this.now,
      random: randomBytes,
      cacheMegabytes: 1,
      upcomingDays: [],
      onError: () => {}
    })
    this.#deliveries = this.#start()
    const definition = {
      url: 'https://receiver.example',
      filter: {},
      format: 'standard',
      ordering,
      isAsymmetric: false,
      headers: {}
    } as const
    const { subscription } = await createSubscription(this.subscribing, { definition })
    this.id = subscription.id
    await activateSubscription(this.subscribing, 'shell', this.id)
    await this.deliver()
  }

  #start(): Deliveries {
    const transport: WebhookTransport = {
      send: async ({ headers }) => {
        const seq = headers['portolan-seq']
        if (seq !== undefined && this.answers !== 'fails') this.seqs.push(Number(seq))
        if (this.answers === 'takes')
          return { kind: 'answered', status: 204, isDisabling: false, body: '', durationMs: 1 }
        return { kind: 'failed', error: 'reset', detail: '', durationMs: 1 }
      },
      close: async () => {}
    }
    return new Deliveries({
      catalogues: this.catalogues,
      transport,
      base: () => '',
      chance: () => 0.5,
      rate: 1e9,
      log: pino({ level: 'silent' })
    })
  }

  async publish(): Promise<void> {
    this.#number += 1
    const document = documentOf([], { label: String(this.#number) })
    await this.catalogues.store.commit(publicationOf(this.#document, document, this.#number))
    this.#document = document
  }

  async deliver(): Promise<void> {
    this.#deliveries?.wake()
    await this.#deliveries?.settled()
  }

  /** Another process begins with a lease of the one before in its way: nobody gave it back. */
  async crash(): Promise<void> {
    this.crashes += 1
    const { subscriptions, seq } = this.catalogues.store
    // An event that is about to be sent: else there would be nothing to claim.
    await this.publish()
    const newest = await seq()
    await subscriptions.mark(await subscriptions.fanOut(), newest, new Map([[newest, [this.id]]]))
    const claimed = await subscriptions.claim({ holder: 'dead', now: this.now, leaseMs: 45_000, limit: 10 })
    this.#replaced.push(...claimed)
    this.#deliveries = this.#start()
  }

  /** A holder that was thought dead writes, when another one holds the lease: that everything was sent, though nothing was. */
  async writeLate(): Promise<void> {
    const { subscriptions } = this.catalogues.store
    for (const { subscription: before, fence } of this.#replaced) {
      if (await subscriptions.leased(before.id, fence)) continue
      this.lateWrites += 1
      const { matched: cursor } = before
      const settlement = {
        progress: { ...progressOf(before), cursor },
        deadLetters: [],
        redriven: [],
        settledNotices: []
      }
      await subscriptions.record([
        { id: before.id, fence, before, settlement, deliveries: [], notices: [], at: this.now, leaseMs: 0 }
      ])
    }
  }

  async close(): Promise<void> {
    await this.#deliveries?.close()
    await this.catalogues.close()
  }
}

type Step = fc.AsyncCommand<Model, Real>

function step(name: string, run: (model: Model, real: Real) => Promise<void>): Step {
  return {
    check: () => true,
    async run(model, real) {
      await run(model, real)
      await real.deliver()
      judge(model, real)
    },
    toString: () => name
  }
}

/** Whatever happened: in order, no gap, and nothing new while it is paused. */
function judge(model: Model, real: Real): void {
  const first = firstComings(real.seqs)
  if (!isAscending(first)) throw new Error(`out of order: ${real.seqs}`)
  if (!first.every((seq, index) => seq === index + 1)) throw new Error(`a gap: ${real.seqs}`)
  if (first.length > model.events) throw new Error(`${first.length} of ${model.events} events`)
  if (model.isPaused && first.length > model.pausedAt) throw new Error('sent while it was paused')
}

const steps = [
  fc.constant(
    step('publish', async (model, real) => {
      await real.publish()
      model.events += 1
    })
  ),
  fc.constant(
    step('pause', async (model, real) => {
      if (!model.isPaused) model.pausedAt = model.events
      model.isPaused = true
      await pauseSubscription(real.subscribing, 'shell', real.id)
    })
  ),
  fc.constant(
    step('resume', async (model, real) => {
      model.isPaused = false
      await resumeSubscription(real.subscribing, 'shell', real.id)
    })
  ),
  fc.constantFrom('takes', 'fails', 'takes and is not heard').map((answers) =>
    step(`the receiver ${answers}`, async (_model, real) => {
      real.answers = answers === 'fails' ? 'fails' : answers === 'takes' ? 'takes' : 'takes and is not heard'
    })
  ),
  fc.constantFrom(1, 30, 120, 3600, 86_400).map((seconds) =>
    step(`${seconds} s pass`, async (_model, real) => {
      real.now += seconds * 1000
    })
  ),
  fc.integer({ min: 1, max: 6 }).map((fromSeq) =>
    step(`replay from ${fromSeq}`, async (_model, real) => {
      await replaySubscription(real.subscribing, 'shell', real.id, { fromSeq })
    })
  ),
  fc.constant(
    step('crash', async (model, real) => {
      await real.crash()
      model.events += 1
    })
  ),
  fc.constant(step('a holder of before writes late', (_model, real) => real.writeLate()))
]

/** Random histories of one subscription against what it should be. */
export const model: Reliability = {
  name: 'R20',
  title: 'random histories against a model',
  async run(size) {
    const runs = size === 'full' ? 10_000 : 300
    let [commands, crashes, lateWrites, deliveries] = [0, 0, 0, 0]
    const failures: string[] = []
    try {
      await fc.assert(
        fc.asyncProperty(fc.commands(steps, { maxCommands: 25 }), async (history) => {
          const real = new Real()
          await real.open('strict')
          const state: Model = { events: 0, isPaused: false, pausedAt: 0 }
          try {
            await fc.asyncModelRun(() => ({ model: state, real }), history)
            // In the end everybody is well, and whoever was frozen is let go.
            await real.writeLate()
            real.answers = 'takes'
            await resumeSubscription(real.subscribing, 'shell', real.id)
            for (let hour = 0; hour < 3; hour += 1) {
              real.now += 3_600_000
              await real.deliver()
            }
            state.isPaused = false
            judge(state, real)
            const { cursor } = (await real.catalogues.store.subscriptions.find(real.id)) ?? {}
            if (firstComings(real.seqs).length !== state.events)
              throw new Error(`lost: ${real.seqs} of ${state.events}`)
            if (cursor !== state.events) throw new Error(`the cursor is at ${cursor} of ${state.events}`)
          } finally {
            commands += [...history].length
            crashes += real.crashes
            lateWrites += real.lateWrites
            deliveries += real.seqs.length
            await real.close()
          }
        }),
        { numRuns: runs, seed: 20 }
      )
    } catch (error) {
      failures.push(error instanceof Error ? error.message : String(error))
    }
    return { counts: { histories: runs, commands, crashes, 'late writes': lateWrites, deliveries }, failures }
  }
}
