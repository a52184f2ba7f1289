import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import type { Followers } from '../../catalogue/event/followers.ts'
import type { ConfiguredFeed } from '../../catalogue/polling/feed-folder.ts'
import { eventTypes } from '../../domain/event/event.ts'
import { packageVersion } from '../../package-version.ts'
import type { WorkState } from '../../work/work.ts'
import type { HotAnswers } from '../answer/hot-answers.ts'
import type { RateLimit } from '../limit/rate-limit.ts'
import type { Shares } from '../limit/shares.ts'
import type { App } from '../request/type-provider.ts'
import { largestText, textSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, plainProblems } from '../schema/schemas.ts'
import { backupMetrics } from './backup-metrics.ts'
import type { ClockState } from './clock-confirmation.ts'
import { databaseMetrics } from './database-metrics.ts'
import { type DeliveryState, deliveryMetrics } from './delivery-metrics.ts'
import { type FeedCounters, feedMetrics } from './feed-metrics.ts'
import { freshnessMetrics } from './freshness-metrics.ts'
import { limitMetrics } from './limit-metrics.ts'
import { workMetrics } from './work-metrics.ts'

export interface Metrics {
  readonly registry: Registry
  readonly requests: Histogram<'method' | 'route' | 'status'>
}

/** The parts of this process that metrics are read from. */
export interface MetricSources {
  readonly hotAnswers: HotAnswers
  readonly followers: Followers
  readonly clock: ClockState
  readonly shares: Shares
  readonly rateLimit?: RateLimit | undefined
  readonly deliveries?: DeliveryState | undefined
  readonly work?: { readonly state: WorkState } | undefined
  /** The catalogues whose documents are larger than the cache. */
  readonly oversizedHeads?: { readonly size: number } | undefined
  readonly feeds: readonly ConfiguredFeed[]
  readonly poller?: FeedCounters | undefined
}

export function makeMetrics(
  catalogues: Catalogues,
  { hotAnswers, followers, clock, shares, rateLimit, deliveries, work, oversizedHeads, feeds, poller }: MetricSources
): Metrics {
  const { heads, cache, logCounters } = catalogues
  const registry = new Registry()
  deliveryMetrics(registry, catalogues, deliveries)
  freshnessMetrics(registry, heads.freshness)
  limitMetrics(registry, shares, rateLimit)
  feedMetrics(registry, catalogues, feeds, poller)
  if (work) workMetrics(registry, work)
  databaseMetrics(registry, catalogues.store)
  backupMetrics(registry, catalogues)
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  const version = packageVersion()
  new Gauge({
    name: 'portolan_build_info',
    help: 'Always 1: which version of the service runs',
    labelNames: ['version'],
    registers,
    collect() {
      this.set({ version }, 1)
    }
  })
  new Counter({
    name: 'portolan_hot_reads_total',
    help: 'Hot reads: reads answered from prepared bytes',
    registers,
    collect() {
      this.reset()
      this.inc(hotAnswers.served)
    }
  })
  const hotReads = new Histogram({
    name: 'portolan_hot_read_seconds',
    help: 'Time to find and write a hot read, of one of 64 of them',
    buckets: [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.01],
    registers
  })
  hotAnswers.onTimed = (seconds) => hotReads.observe(seconds)
  new Gauge({
    name: 'portolan_catalogues',
    help: 'Catalogues',
    registers,
    collect() {
      this.set(heads.all().length)
    }
  })
  new Gauge({
    name: 'portolan_log_seq',
    help: 'Seq of the newest event of the log',
    registers,
    collect() {
      this.set(heads.seq)
    }
  })
  new Gauge({
    name: 'portolan_cache_bytes',
    help: 'Bytes in the bounded cache',
    registers,
    collect() {
      this.set(cache.bytes)
    }
  })
  if (oversizedHeads)
    new Gauge({
      name: 'portolan_oversized_heads',
      help: 'Catalogues whose newest document does not fit into the cache (PORTOLAN_CACHE_MB): each read loads it from the store',
      registers,
      collect() {
        this.set(oversizedHeads.size)
      }
    })
  new Gauge({
    name: 'portolan_followers',
    help: 'Streams, long polls and subscriptions that wait for new events',
    registers,
    collect() {
      this.set(followers.size)
    }
  })
  new Counter({
    name: 'portolan_events_written_total',
    help: 'Events that this process wrote into the log',
    labelNames: ['type'],
    registers,
    collect() {
      this.reset()
      for (const type of eventTypes) this.inc({ type }, logCounters.byType.get(type) ?? 0)
    }
  })
  new Counter({
    name: 'portolan_publish_conflicts_total',
    help: 'How often this process decided a publish again, since another publisher, or the clock, was faster',
    registers,
    collect() {
      this.reset()
      this.inc(logCounters.publishConflicts)
    }
  })
  new Counter({
    name: 'portolan_late_transitions_total',
    help: 'Transitions that this process recorded more than 10 seconds after their instant',
    registers,
    collect() {
      this.reset()
      this.inc(logCounters.lateTransitions)
    }
  })
  new Gauge({
    name: 'portolan_clock_suspect',
    help: '1 while the wall clock is not trusted after a jump, and no transition is recorded',
    registers,
    collect() {
      this.set(clock.suspicion ? 1 : 0)
    }
  })
  new Gauge({
    name: 'portolan_transition_overdue_seconds',
    help: 'How long the oldest event of the clock is due that is not in the log yet; 0 if none is',
    registers,
    collect() {
      this.set(clock.overdueMs / 1000)
    }
  })
  new Gauge({
    name: 'portolan_transition_overdue_catalogues',
    help: 'Catalogues with an event of the clock that is due and not in the log yet',
    registers,
    collect() {
      this.set(clock.overdueCatalogues)
    }
  })
  return {
    registry,
    requests: new Histogram({
      name: 'portolan_http_request_seconds',
      help: 'Time to answer a request, except for hot reads',
      labelNames: ['method', 'route', 'status'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10],
      registers
    })
  }
}

export function metricsRoutes(app: App, { registry }: Metrics): void {
  const schema = {
    operationId: 'getMetrics',
    summary: 'Metrics in the Prometheus text format',
    tags: ['service'],
    description:
      'Metrics of the process and of the service: requests, hot reads, the log, the cache, costly answers, limits of clients, webhooks. Where reads need a key, this needs one with `metrics:read`. With `PORTOLAN_METRICS_PORT` they are at another port, and not here.',
    querystring: NoQuerySchema,
    response: {
      200: answerSchema('The metrics', {
        content: { 'text/plain': textSchema(largestText, 'Prometheus text format 0.0.4') }
      }),
      ...plainProblems('unknown_parameter', 'insufficient_scope')
    }
  }
  app.get('/metrics', { config: { access: 'metrics' }, schema }, async (_request, reply) =>
    reply
      .header('cache-control', 'no-store')
      .type(registry.contentType)
      .send(await registry.metrics())
  )
}
