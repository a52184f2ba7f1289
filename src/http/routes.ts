import type { FastifyPluginAsync } from 'fastify'
import type { Followers, Pace } from '../catalogue/event/followers.ts'
import type { Keys } from '../catalogue/keys.ts'
import type { Ledgers } from '../catalogue/mirror/ledgers.ts'
import type { RouteContext } from './answer/send-point.ts'
import { changePackRoutes } from './change-pack/change-packs.ts'
import { calendarRoutes } from './event/calendars.ts'
import { eventStreamRoutes } from './event/event-stream.ts'
import { eventRoutes } from './event/events.ts'
import { feedRoutes } from './event/feeds.ts'
import { exportRoutes } from './export/exports.ts'
import { formatRoutes } from './export/formats.ts'
import { sliceRoutes } from './export/slices.ts'
import { diffRoutes } from './history/diffs.ts'
import { releaseRoutes } from './history/releases.ts'
import { revisionRoutes } from './history/revisions.ts'
import { timelineRoutes } from './history/timelines.ts'
import { keyRoutes } from './key/keys.ts'
import { meRoutes } from './key/me.ts'
import { auditRoutes } from './lookup/audits.ts'
import { lookupRoutes } from './lookup/lookups.ts'
import { searchRoutes } from './lookup/searches.ts'
import { deltaRoutes } from './mirror/deltas.ts'
import { digestRoutes } from './mirror/digests.ts'
import { snapshotRoutes } from './mirror/snapshots.ts'
import { type ClockState, clockRoutes } from './monitoring/clock-confirmation.ts'
import { healthRoutes } from './monitoring/health.ts'
import { type Metrics, metricsRoutes } from './monitoring/metrics.ts'
import { problemRoutes } from './openapi/problem-pages.ts'
import { schemaFileRoutes } from './openapi/schema-files.ts'
import { type PollingContext, polledFeedRoutes } from './polling/polled-feeds.ts'
import { publishingRoutes, registerPublishingParsers } from './publishing.ts'
import { catalogueRoutes } from './read/catalogues.ts'
import { documentRoutes } from './read/documents.ts'
import { endpointRoutes } from './read/endpoints.ts'
import { requirementRoutes } from './read/requirements.ts'
import { viewRoutes } from './read/views.ts'
import type { Readiness } from './request/gate.ts'
import { registerJsonParser } from './request/json-body.ts'
import type { App } from './request/type-provider.ts'
import { awsShapeRoutes } from './shape/aws-shapes.ts'
import { m365ShapeRoutes } from './shape/m365-shapes.ts'
import { siteDocumentRoutes } from './site/site-documents.ts'
import { siteFindingRoutes } from './site/site-findings.ts'
import { siteHistoryRoutes } from './site/site-history.ts'
import { sitePublishingRoutes } from './site/site-publishing.ts'
import { siteRoutes } from './site/sites.ts'
import { deliveryRoutes } from './webhook/deliveries.ts'
import type { SubscriptionRouteContext } from './webhook/subscriber.ts'
import { subscriptionActionRoutes } from './webhook/subscription-actions.ts'
import { subscriptionRoutes } from './webhook/subscriptions.ts'
import { webhookKeyRoutes } from './webhook/webhook-keys.ts'

export interface RoutesOptions {
  readonly context: RouteContext
  readonly webhookContext: SubscriptionRouteContext
  readonly keys: Keys
  readonly followers: Followers
  readonly ledgers: Ledgers
  readonly pace: Pace
  readonly polling: PollingContext
  readonly clock: ClockState
  readonly readiness: Readiness
  /** Absent: they are served elsewhere. */
  readonly metrics?: Metrics
  /** Whether there are routes for health and metrics only. */
  readonly isMonitoredOnly: boolean
}

/** The one list of the routes of the HTTP API. */
export async function registerRoutes(app: App, options: RoutesOptions): Promise<void> {
  const { context, webhookContext, followers, ledgers, pace, clock, readiness, metrics, keys } = options
  const monitoringRoutes = (scope: App) => {
    healthRoutes(scope, { readiness, clock, freshness: context.catalogues.heads.freshness })
    if (metrics) metricsRoutes(scope, metrics)
  }
  if (options.isMonitoredOnly) return void (await app.register(inScope(monitoringRoutes)))
  await app.register(
    inScope((scope) => {
      registerJsonParser(scope)
      catalogueRoutes(scope, context)
      viewRoutes(scope, context)
      requirementRoutes(scope, context)
      endpointRoutes(scope, context)
      documentRoutes(scope, context)
      revisionRoutes(scope, context)
      diffRoutes(scope, context)
      timelineRoutes(scope, context)
      releaseRoutes(scope, context)
      changePackRoutes(scope, context)
      siteRoutes(scope, context)
      siteDocumentRoutes(scope, context)
      siteHistoryRoutes(scope, context)
      siteFindingRoutes(scope, context)
      sliceRoutes(scope, context)
      exportRoutes(scope, context)
      formatRoutes(scope, context)
      awsShapeRoutes(scope, context)
      m365ShapeRoutes(scope, context)
      lookupRoutes(scope, context)
      auditRoutes(scope, context)
      searchRoutes(scope, context)
      eventRoutes(scope, context, followers)
      eventStreamRoutes(scope, context, followers, pace)
      feedRoutes(scope, context)
      calendarRoutes(scope, context)
      polledFeedRoutes(scope, context, options.polling)
      subscriptionRoutes(scope, webhookContext)
      subscriptionActionRoutes(scope, webhookContext)
      deliveryRoutes(scope, webhookContext)
      webhookKeyRoutes(scope, context)
      deltaRoutes(scope, context, ledgers, followers)
      digestRoutes(scope, context, ledgers)
      snapshotRoutes(scope, context, ledgers)
      meRoutes(scope)
      keyRoutes(scope, context, keys)
      problemRoutes(scope)
      schemaFileRoutes(scope, context)
      clockRoutes(scope, clock)
      monitoringRoutes(scope)
    })
  )
  // Publishing has a scope of its own, since it takes the bodies of documents as bytes.
  await app.register(
    inScope((scope) => {
      registerPublishingParsers(scope)
      publishingRoutes(scope, context)
      sitePublishingRoutes(scope, context)
    })
  )
}

/** A plugin that runs `register`. Content type parsers and validators that it sets apply to its own routes only. */
export function inScope(register: (scope: App) => void): FastifyPluginAsync {
  return async (scope) => register(scope as App)
}
