import type { FastifyPluginAsync } from 'fastify'
import type { Followers, Pace } from '../catalogue/event/followers.ts'
import type { Ledgers } from '../catalogue/mirror/ledgers.ts'
import type { RouteContext } from './answer/send-point.ts'
import { calendarRoutes } from './event/calendars.ts'
import { eventStreamRoutes } from './event/event-stream.ts'
import { eventRoutes } from './event/events.ts'
import { feedRoutes } from './event/feeds.ts'
import { exportRoutes } from './export/exports.ts'
import { formatRoutes } from './export/formats.ts'
import { sliceRoutes } from './export/slices.ts'
import { diffRoutes } from './history/diffs.ts'
import { revisionRoutes } from './history/revisions.ts'
import { timelineRoutes } from './history/timelines.ts'
import { auditRoutes } from './lookup/audits.ts'
import { lookupRoutes } from './lookup/lookups.ts'
import { deltaRoutes } from './mirror/deltas.ts'
import { digestRoutes } from './mirror/digests.ts'
import { snapshotRoutes } from './mirror/snapshots.ts'
import { problemRoutes } from './openapi/problem-pages.ts'
import { publishingParsers, publishingRoutes } from './publishing.ts'
import { catalogueRoutes } from './read/catalogues.ts'
import { documentRoutes } from './read/documents.ts'
import { endpointRoutes } from './read/endpoints.ts'
import { requirementRoutes } from './read/requirements.ts'
import { viewRoutes } from './read/views.ts'
import type { Readiness } from './request/gate.ts'
import { jsonParser } from './request/json-body.ts'
import type { App } from './request/type-provider.ts'
import { type ClockState, clockRoutes } from './service/clock-confirmation.ts'
import { healthRoutes } from './service/health.ts'
import { meRoutes } from './service/me.ts'
import { type Metrics, metricsRoutes } from './service/metrics.ts'
import { deliveryRoutes } from './webhook/deliveries.ts'
import type { SubscriptionRouteContext } from './webhook/subscriber.ts'
import { subscriptionActionRoutes } from './webhook/subscription-actions.ts'
import { subscriptionRoutes } from './webhook/subscriptions.ts'
import { webhookKeyRoutes } from './webhook/webhook-keys.ts'

export interface RoutesOptions {
  readonly routing: RouteContext
  readonly subscriptions: SubscriptionRouteContext
  readonly followers: Followers
  readonly ledgers: Ledgers
  readonly pace: Pace
  readonly clock: ClockState
  readonly readiness: Readiness
  readonly metrics: Metrics
}

/** The one list of the routes of the HTTP API. */
export async function registerRoutes(app: App, options: RoutesOptions): Promise<void> {
  const { routing, subscriptions, followers, ledgers, pace, clock, readiness, metrics } = options
  await app.register(
    inScope((scope) => {
      jsonParser(scope)
      catalogueRoutes(scope, routing)
      viewRoutes(scope, routing)
      requirementRoutes(scope, routing)
      endpointRoutes(scope, routing)
      documentRoutes(scope, routing)
      revisionRoutes(scope, routing)
      diffRoutes(scope, routing)
      timelineRoutes(scope, routing)
      sliceRoutes(scope, routing)
      exportRoutes(scope, routing)
      formatRoutes(scope, routing)
      lookupRoutes(scope, routing)
      auditRoutes(scope, routing)
      eventRoutes(scope, routing, followers)
      eventStreamRoutes(scope, routing, followers, pace)
      feedRoutes(scope, routing)
      calendarRoutes(scope, routing)
      subscriptionRoutes(scope, subscriptions)
      subscriptionActionRoutes(scope, subscriptions)
      deliveryRoutes(scope, subscriptions)
      webhookKeyRoutes(scope, routing)
      deltaRoutes(scope, routing, ledgers, followers)
      digestRoutes(scope, routing, ledgers)
      snapshotRoutes(scope, routing, ledgers)
      meRoutes(scope)
      problemRoutes(scope)
      clockRoutes(scope, clock)
      healthRoutes(scope, { readiness, clock, store: routing.catalogues.store })
      metricsRoutes(scope, metrics)
    })
  )
  // A scope of its own, since the bodies of documents are taken as bytes.
  await app.register(
    inScope((scope) => {
      publishingParsers(scope)
      publishingRoutes(scope, routing)
    })
  )
}

/** Content type parsers and validators that `register` sets hold for its own routes only; what it throws, the registration rejects with. */
export function inScope(register: (scope: App) => void): FastifyPluginAsync {
  return async (scope) => register(scope as App)
}
