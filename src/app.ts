import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import fastify from 'fastify'
import { handleProtocols } from 'graphql-ws'
import type { Logger } from 'pino'
import type { Catalogues } from './catalogue/catalogues.ts'
import { Followers, type Pace } from './catalogue/event/followers.ts'
import type { Keys } from './catalogue/keys.ts'
import { Ledgers } from './catalogue/mirror/ledgers.ts'
import type { SubscriptionContext } from './catalogue/webhook/subscriptions.ts'
import { PortolanError } from './domain/errors.ts'
import { hasScope, requireScope } from './domain/key.ts'
import { graphqlEngine } from './graphql/mercurius.ts'
import { Costs } from './graphql/operation/cost.ts'
import type { ExecutionContext } from './graphql/operation/execute.ts'
import { Operations } from './graphql/operation/operation.ts'
import type { TrustedDocuments } from './graphql/operation/trusted-documents.ts'
import { graphiqlRoutes } from './graphql/protocol/graphiql.ts'
import type { Outlet } from './graphql/protocol/outlet.ts'
import { graphqlRoutes } from './graphql/protocol/over-http.ts'
import { securityHeaders } from './http/answer/headers.ts'
import { HotAnswers } from './http/answer/hot-answers.ts'
import { HotPosts } from './http/answer/hot-posts.ts'
import { openStream } from './http/answer/open-stream.ts'
import { sendAnswer } from './http/answer/send-answer.ts'
import { baseOf, type RouteContext } from './http/answer/send-point.ts'
import { calendarRoutes } from './http/event/calendars.ts'
import { defaultPace, eventStreamRoutes } from './http/event/event-stream.ts'
import { eventRoutes } from './http/event/events.ts'
import { feedRoutes } from './http/event/feeds.ts'
import { exportRoutes } from './http/export/exports.ts'
import { formatRoutes } from './http/export/formats.ts'
import { sliceRoutes } from './http/export/slices.ts'
import { diffRoutes } from './http/history/diffs.ts'
import { revisionRoutes } from './http/history/revisions.ts'
import { timelineRoutes } from './http/history/timelines.ts'
import { auditRoutes } from './http/lookup/audits.ts'
import { lookupRoutes } from './http/lookup/lookups.ts'
import { deltaRoutes } from './http/mirror/deltas.ts'
import { digestRoutes } from './http/mirror/digests.ts'
import { snapshotRoutes } from './http/mirror/snapshots.ts'
import { docsRoutes } from './http/openapi/docs.ts'
import { openApi } from './http/openapi/openapi.ts'
import { problemRoutes } from './http/openapi/problem-pages.ts'
import { publishingParsers, publishingRoutes } from './http/publishing.ts'
import { catalogueRoutes } from './http/read/catalogues.ts'
import { documentRoutes } from './http/read/documents.ts'
import { endpointRoutes } from './http/read/endpoints.ts'
import { requirementRoutes } from './http/read/requirements.ts'
import { viewRoutes } from './http/read/views.ts'
import { identify } from './http/request/auth.ts'
import { answerBrokenRequest } from './http/request/broken-request.ts'
import { refuseEncodedBody } from './http/request/encoded-body.ts'
import { jsonParser } from './http/request/json-body.ts'
import { collectMethods, refuseOtherMethods } from './http/request/methods.ts'
import type { App, TypeBoxProvider } from './http/request/type-provider.ts'
import { validatorCompiler } from './http/request/validation.ts'
import { graphqlOperations } from './http/schema/graphql-schema.ts'
import { errorHandler, problemOf, sendProblem, unreadableUrl } from './http/schema/problem.ts'
import { ProblemSchema } from './http/schema/schemas.ts'
import { type ClockState, clockRoutes } from './http/service/clock-confirmation.ts'
import type { DeliveryState } from './http/service/delivery-metrics.ts'
import { healthRoutes, type Readiness } from './http/service/health.ts'
import { meRoutes } from './http/service/me.ts'
import { makeMetrics, metricsRoutes } from './http/service/metrics.ts'
import { deliveryRoutes } from './http/webhook/deliveries.ts'
import type { SubscriptionRouteContext } from './http/webhook/subscriber.ts'
import { subscriptionActionRoutes } from './http/webhook/subscription-actions.ts'
import { subscriptionRoutes } from './http/webhook/subscriptions.ts'
import { webhookKeyRoutes } from './http/webhook/webhook-keys.ts'

export interface AppOptions {
  readonly catalogues: Catalogues
  readonly keys: Keys
  readonly readAccess: 'public' | 'key'
  readonly publicUrl?: string
  readonly log: Logger
  readonly readiness: Readiness
  readonly clock: ClockState
  /** Judges where webhooks may go. */
  readonly receivers: SubscriptionContext['receivers']
  /** Absent: this process sends no webhooks. */
  readonly deliveries?: DeliveryState
  /** Of streams of events. */
  readonly pace?: Pace
  readonly graphql?: GraphQLOptions
}

/** How GraphQL is served. */
export interface GraphQLOptions {
  /** Operations that clients name by hash. Default: none. */
  readonly documents?: TrustedDocuments
  /** Nothing but trusted documents is executed. Default: everything is. */
  readonly trustsOnlyDocuments?: boolean
  /** The schema can be asked for. Default: it can. */
  readonly allowsIntrospection?: boolean
  /** The page at `/graphiql`. Default: there is none. */
  readonly hasGraphiql?: boolean
}

/** How long a client may take, in milliseconds: for its header fields, for a whole request, and between two requests. */
const serverOptions = { headersTimeout: 15_000, requestTimeout: 60_000, keepAliveTimeout: 72_000 } as const

/** The one list of everything that is registered. */
export async function buildApp(options: AppOptions): Promise<App> {
  const {
    catalogues,
    keys,
    readAccess,
    publicUrl,
    log,
    readiness,
    clock,
    receivers,
    deliveries,
    pace = defaultPace,
    graphql = {}
  } = options
  const hot = new HotAnswers(catalogues)
  const hotPosts = new HotPosts(catalogues, hot)
  const isPublic = readAccess === 'public'
  const routing: RouteContext = { catalogues, hot, isPublic, ...(publicUrl !== undefined && { publicUrl }) }
  const subscriptions: SubscriptionRouteContext = { ...routing, subscribing: { ...catalogues, receivers } }
  const followers = new Followers(catalogues.heads)
  const metrics = makeMetrics(catalogues, { hot, followers, clock, ...(deliveries && { deliveries }) })
  const ledgers = new Ledgers(catalogues)

  const app: App = fastify({
    // Requests are logged below: Fastify's own logging would cost every hot read a child logger and two listeners.
    logger: false,
    genReqId: () => randomUUID(),
    bodyLimit: 1_048_576,
    serverFactory: (handle) =>
      createServer(serverOptions, (request, response) => {
        const isOpen = isPublic && request.headers.authorization === undefined
        if (isOpen && request.method === 'POST' && request.url === '/graphql')
          return hotPosts.serveUnread(request, response, () => handle(request, response))
        if (!(isOpen && hot.serve(request, response))) handle(request, response)
      }),
    routerOptions: { maxParamLength: 300 },
    forceCloseConnections: 'idle',
    frameworkErrors: (error, request, reply) => sendProblem(request, reply, unreadableUrl(error)),
    clientErrorHandler: answerBrokenRequest
  }).withTypeProvider<TypeBoxProvider>()
  app.server.setTimeout(120_000)
  app.addHook('preClose', (done) => {
    hot.isDraining = true
    followers.close()
    done()
  })

  app.setValidatorCompiler(validatorCompiler())
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler(errorHandler(log))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(
      request,
      reply,
      new PortolanError('not_found', `There is nothing at ${request.url}. /docs lists what there is.`)
    )
  )
  app.decorateRequest('key', undefined)
  app.addSchema(ProblemSchema)

  await app.register(websocket, { options: { handleProtocols, maxPayload: 4 * 1_048_576 } })
  app.addHook('onRequest', (request, reply, done) => {
    try {
      // The route, not the URL: that may be written in more ways than one.
      const { url } = request.routeOptions
      const isData = url?.startsWith('/v1/') === true || url?.startsWith('/graphql') === true
      if (!readiness.isReady && isData) throw new PortolanError('not_ready', 'The service is starting or stopping.')
      request.key = identify(keys, request.headers.authorization)
      // Browsers cannot name a key when they open a WebSocket: its first message does.
      if (!isPublic && isData && url !== '/v1/me' && !request.ws) requireScope(request.key, 'catalogue:read')
    } catch (error) {
      return done(error instanceof Error ? error : new Error(String(error)))
    }
    // Here too, for who presents a key. The reply is hijacked: nothing comes after it.
    if (!hot.serve(request.raw, reply.raw)) return done()
    reply.hijack()
  })
  app.addHook('preParsing', refuseEncodedBody)
  app.addHook('onSend', async (request, reply) => {
    reply.headers(securityHeaders).header('x-request-id', request.id)
    const { method, url, routeOptions, id, key } = request
    const { statusCode, elapsedTime } = reply
    metrics.requests.observe(
      { method, route: routeOptions.url ?? 'unknown', status: String(statusCode) },
      elapsedTime / 1000
    )
    const level = statusCode >= 500 ? 'warn' : method === 'GET' || method === 'HEAD' ? 'debug' : 'info'
    log[level](
      { requestId: id, method, url, statusCode, ms: Math.round(elapsedTime), ...(key && { key: key.id }) },
      'request'
    )
  })

  const methods = collectMethods(app)
  const schema = await graphqlEngine(app)
  const executing: ExecutionContext = {
    schema,
    sources: { catalogues, ledgers, followers, subscribing: subscriptions.subscribing },
    operations: new Operations(schema, { allowsIntrospection: graphql.allowsIntrospection ?? true }),
    costs: new Costs(schema),
    documents: graphql.documents ?? new Map(),
    trustsOnlyDocuments: graphql.trustsOnlyDocuments ?? false
  }
  const outlet: Outlet = {
    operations: graphqlOperations,
    problem: problemOf,
    report: (err, requestId) => log.error({ requestId, err }, 'a field could not be answered'),
    base: (request) => baseOf(routing, request),
    identify: (authorization) => identify(keys, authorization),
    mayRead(authorization) {
      try {
        const key = identify(keys, authorization)
        return isPublic || (key !== undefined && hasScope(key, 'catalogue:read'))
      } catch {
        return false
      }
    },
    pace,
    stream: (request, reply) => openStream(request, reply, pace),
    repeat(request, reply, body) {
      const isWritten = hotPosts.serve(request.raw, reply.raw, body)
      if (isWritten) reply.hijack()
      return isWritten
    },
    keep: (request, body, answer) => hotPosts.remember(request.raw, body, answer),
    send: (request, reply, { bytes, ...answer }) =>
      sendAnswer(routing, request, reply, { ...answer, isImmutable: false, render: async () => bytes })
  }
  await app.register(swagger, openApi)
  await app.register((scope: App, _options, done) => {
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
    healthRoutes(scope, { readiness, clock, store: catalogues.store })
    metricsRoutes(scope, metrics)
    done()
  })
  await app.register((scope: App, _options, done) => {
    publishingParsers(scope)
    publishingRoutes(scope, routing)
    done()
  })
  await app.register((scope, _options, done) => {
    graphqlRoutes(scope, executing, outlet)
    done()
  })
  if (graphql.hasGraphiql)
    await app.register((scope, _options, done) => {
      graphiqlRoutes(scope)
      done()
    })
  await docsRoutes(app)
  refuseOtherMethods(app, methods)
  return app
}
