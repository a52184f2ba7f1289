import { randomUUID } from 'node:crypto'
import type { Server } from 'node:http'
import { Server as TlsServer } from 'node:https'
import swagger from '@fastify/swagger'
import websocket from '@fastify/websocket'
import fastify from 'fastify'
import { handleProtocols } from 'graphql-ws'
import type { Logger } from 'pino'
import type { Catalogues } from './catalogue/catalogues.ts'
import { Followers, type Pace } from './catalogue/event/followers.ts'
import type { Keys } from './catalogue/keys.ts'
import { Ledgers } from './catalogue/mirror/ledgers.ts'
import type { ConfiguredFeed } from './catalogue/polling/feed-folder.ts'
import { CatalogueSizes } from './catalogue/read/catalogue-size.ts'
import type { SubscriptionContext } from './catalogue/webhook/subscriptions.ts'
import { PortolanError } from './domain/errors.ts'
import { graphqlEngine } from './graphql/mercurius.ts'
import { CompiledOperations } from './graphql/operation/compiled-operations.ts'
import { Costs } from './graphql/operation/cost.ts'
import type { ExecutionContext } from './graphql/operation/execution-context.ts'
import { Operations } from './graphql/operation/operation.ts'
import type { TrustedDocuments } from './graphql/operation/trusted-documents.ts'
import { graphiqlRoutes } from './graphql/protocol/graphiql.ts'
import { graphqlRoutes } from './graphql/protocol/over-http.ts'
import { graphqlOutlet } from './graphql-outlet.ts'
import { admissionHook } from './http/answer/admission.ts'
import { announcement } from './http/answer/announcement.ts'
import { answerBrokenRequest } from './http/answer/broken-request.ts'
import { HotAnswers } from './http/answer/hot-answers.ts'
import { HotPosts } from './http/answer/hot-posts.ts'
import { MeteredWriter } from './http/answer/metered-writer.ts'
import { endConnectionsOnClose } from './http/answer/open-connections.ts'
import type { RouteContext } from './http/answer/send-point.ts'
import { hotServer } from './http/answer/server.ts'
import { readTls, type TlsFiles, watchTls } from './http/answer/tls.ts'
import { defaultPace } from './http/event/event-stream.ts'
import type { Capture } from './http/forward/capture.ts'
import { forwardHook } from './http/forward/forward-hook.ts'
import type { ForwardJobs } from './http/forward/forwarded.ts'
import { Forwarder } from './http/forward/forwarder.ts'
import { Meter } from './http/limit/meter.ts'
import type { RateLimit } from './http/limit/rate-limit.ts'
import { Shares } from './http/limit/shares.ts'
import type { ClockState } from './http/monitoring/clock-confirmation.ts'
import type { DeliveryState } from './http/monitoring/delivery-metrics.ts'
import type { FeedCounters } from './http/monitoring/feed-metrics.ts'
import { makeMetrics } from './http/monitoring/metrics.ts'
import { metricsApp } from './http/monitoring/metrics-app.ts'
import { logRequests } from './http/monitoring/request-log.ts'
import { docsRoutes } from './http/openapi/docs.ts'
import { openApi } from './http/openapi/openapi.ts'
import type { PollingContext } from './http/polling/polled-feeds.ts'
import { pathOfBase, proxyTrust } from './http/request/client.ts'
import { Cors } from './http/request/cors.ts'
import { askBeforeDenying } from './http/request/denial.ts'
import { refuseEncodedBody } from './http/request/encoded-body.ts'
import { Gate, type Readiness, requireDeclaredAccess } from './http/request/gate.ts'
import { toOriginForm } from './http/request/host.ts'
import { collectMethods, methodRefusal, refuseOtherMethods } from './http/request/methods.ts'
import type { App, TypeBoxProvider } from './http/request/type-provider.ts'
import { handshakesOf } from './http/request/upgrade.ts'
import { validatorCompiler } from './http/request/validation.ts'
import { inScope, registerRoutes } from './http/routes.ts'
import { errorHandler, sendProblem, unreadableUrl } from './http/schema/problem.ts'
import { ProblemSchema } from './http/schema/schemas.ts'
import { routedTarget } from './http/shape/shape-path.ts'
import { decorateProblems, pageContext, registerPages } from './pages/routes.ts'
import type { Work } from './work/work.ts'

export interface AppOptions {
  readonly catalogues: Catalogues
  readonly keys: Keys
  readonly readAccess: 'public' | 'key'
  readonly publicUrl?: string
  /** The names that the service answers for. Default: any. */
  readonly hosts?: readonly string[]
  /** The origins whose pages may read answers; `*` for all. Default: none but the own. */
  readonly corsOrigins?: readonly string[]
  /** Absent: connections are not encrypted. */
  readonly tls?: TlsFiles
  /** CIDRs of the proxies that say whose requests they pass on. Default: none. */
  readonly trustProxy?: readonly string[]
  readonly log: Logger
  readonly readiness: Readiness
  readonly clock: ClockState
  /** Checks the URLs of receivers. */
  readonly receivers: SubscriptionContext['receivers']
  /** The state of the couriers; absent if this process sends no webhooks. */
  readonly deliveries?: DeliveryState
  /** The pace of streams of events. */
  readonly pace?: Pace
  readonly graphql?: GraphQLOptions
  /** Whether there are pages for people. Default: yes. */
  readonly hasPages?: boolean
  /** The units that clients have. Absent: no request is counted. */
  readonly rateLimit?: RateLimit
  /** Default: those of a service. */
  readonly shares?: Shares
  /** The catalogues whose documents are larger than the cache. */
  readonly oversizedHeads?: { readonly size: number }
  /** Where metrics are served. Absent: with everything else. */
  readonly metricsListener?: { readonly host: string; readonly port: number }
  /** Makes costly answers beside the loop. Absent: all answers are made on it. */
  readonly threads?: ThreadOptions
  /** The feeds that are configured. Default: none. */
  readonly feeds?: readonly ConfiguredFeed[]
  /** Fetches lists. Absent: nothing is fetched in this process. */
  readonly poller?: PollingContext['poller'] & FeedCounters
  /** Whether it answers health and metrics only, since the process sends and does nothing else. Default: no. */
  readonly isMonitoredOnly?: boolean
}

interface ThreadOptions {
  readonly work: Work<ForwardJobs>
  readonly deadlineMs: number
}

/** How GraphQL is served. */
export interface GraphQLOptions {
  /** Operations that clients name by hash. Default: none. */
  readonly documents?: TrustedDocuments
  /** Whether only trusted documents are executed. Default: no. */
  readonly trustsOnlyDocuments?: boolean
  /** Whether introspection is allowed. Default: yes. */
  readonly allowsIntrospection?: boolean
  /** Whether there is a page at `/graphiql`. Default: no. */
  readonly hasGraphiql?: boolean
}

/** The one list of everything that is registered. `capture`: in a thread, takes what would be written to clients. */
export async function buildApp(options: AppOptions, capture?: Capture): Promise<App> {
  const { catalogues, publicUrl, log, readiness, clock, receivers, deliveries } = options
  const { pace = defaultPace, graphql = {}, threads, tls, metricsListener, isMonitoredOnly = false } = options
  const { hasPages = true, feeds = [], poller } = options
  const trust = proxyTrust(options.trustProxy ?? [])
  const basePath = pathOfBase(publicUrl) ?? ''
  const gate = capture?.gate(options.readAccess === 'public') ?? new Gate({ ...options, trust })
  const { isPublic } = gate
  const cors = options.corsOrigins?.length ? new Cors(options.corsOrigins) : undefined
  const announce = announcement({ trust, cors, isTls: options.tls !== undefined })
  const hotAnswers = new HotAnswers(catalogues, { trust, variesByOrigin: cors?.varies ?? false })
  const meter = new Meter(options.rateLimit)
  const shares = options.shares ?? new Shares()
  const hotPosts = new HotPosts(catalogues, hotAnswers)
  const context: RouteContext = {
    catalogues,
    writer: capture?.writer ?? new MeteredWriter(hotAnswers, meter),
    isPublic,
    shares,
    hasPages,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(capture && { forwardedBase: () => capture.base, onEmptyPoll: (poll) => capture.emptyPoll(poll) })
  }
  const subscriptionContext: SubscriptionContext = { ...catalogues, receivers }
  const webhookContext = { ...context, subscriptionContext }
  const followers = new Followers(catalogues.heads, options.keys)
  const metrics = makeMetrics(catalogues, {
    hotAnswers,
    followers,
    clock,
    shares,
    rateLimit: options.rateLimit,
    deliveries,
    work: threads?.work,
    oversizedHeads: options.oversizedHeads,
    feeds,
    poller
  })
  const ledgers = new Ledgers(catalogues)

  const app: App = fastify({
    // `logRequests` logs requests. Fastify's own logging would cost every hot read a child logger and two listeners.
    logger: false,
    genReqId: () => capture?.requestId ?? randomUUID(),
    bodyLimit: 1_048_576,
    serverFactory: hotServer({ hotAnswers, hotPosts, isPublic, announce, ...(tls && { tls: readTls(tls) }) }),
    routerOptions: { maxParamLength: 300 },
    rewriteUrl: (request) => routedTarget(toOriginForm(request)),
    forceCloseConnections: 'idle',
    // The gate refuses what comes while the service stops, with a problem.
    return503OnClosing: false,
    frameworkErrors(error, request, reply) {
      request.client = gate.clientOf(request)
      sendProblem(request, reply, unreadableUrl(error))
    },
    clientErrorHandler: answerBrokenRequest
  }).withTypeProvider<TypeBoxProvider>()
  app.server.setTimeout(120_000)
  endConnectionsOnClose(app)
  if (tls && app.server instanceof TlsServer) {
    const unwatch = watchTls(app.server, tls, log)
    app.addHook('onClose', async () => unwatch())
  }
  requireDeclaredAccess(app)
  askBeforeDenying(app, catalogues.heads)
  app.addHook('preClose', (done) => {
    hotAnswers.isDraining = true
    followers.close()
    done()
  })

  app.setValidatorCompiler(validatorCompiler())
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
  app.setErrorHandler(errorHandler(log))
  const methods = collectMethods(app)
  app.setNotFoundHandler((request, reply) => {
    const refusal = methodRefusal(methods, request)
    if (refusal) return sendProblem(request, reply.header('allow', refusal.allow), refusal.error)
    const detail = `There is nothing at ${request.url}. /docs lists all paths.`
    return sendProblem(request, reply, new PortolanError('not_found', detail))
  })
  const pages = hasPages && !isMonitoredOnly ? pageContext(context) : undefined
  if (pages) decorateProblems(app, pages)
  app.decorateRequest('client')
  app.decorateRequest('key', undefined)
  app.decorateRequest('paid', 0)
  app.decorateRequest('share', undefined)
  app.addSchema(ProblemSchema)

  // The plugin only listens for upgrades at what it is told is the server.
  const server = handshakesOf(app.server) as Server
  await app.register(websocket, { options: { handleProtocols, maxPayload: 4 * 1_048_576, server } })
  app.addHook('onRequest', admissionHook({ gate, announce, cors, hotAnswers, meter, shares, heads: catalogues.heads }))
  app.addHook('preParsing', refuseEncodedBody)
  const sizes = new CatalogueSizes(catalogues)
  const forwarder = threads && new Forwarder({ ...threads, context, gate, sizes, hotPosts, followers, meter })
  if (forwarder) app.addHook('preParsing', forwardHook(forwarder))
  if (metricsListener) {
    const apart = metricsApp({ metrics, gate, trust, log, ...(tls && { tls }) })
    app.addHook('onReady', async () => {
      const address = await apart.listen(metricsListener)
      // Fastify does not know what its server speaks.
      log.info({ address: tls ? address.replace(/^http:/, 'https:') : address }, 'metrics')
    })
    app.addHook('onClose', () => apart.close())
  }
  if (!capture) logRequests(app, { metrics, meter, cors, log })

  const schema = await graphqlEngine(app)
  const executionContext: ExecutionContext = {
    schema,
    sources: { catalogues, ledgers, followers, webhooks: subscriptionContext },
    operations: new Operations(schema, { allowsIntrospection: graphql.allowsIntrospection ?? true }),
    compiled: new CompiledOperations(schema),
    costs: new Costs(schema),
    documents: graphql.documents ?? new Map(),
    trustsOnlyDocuments: graphql.trustsOnlyDocuments ?? false
  }
  const outlet = graphqlOutlet({ context, gate, meter, hotPosts, forwarder, pace, log, ...(capture && { capture }) })
  if (!capture) await app.register(swagger, openApi(basePath))
  await registerRoutes(app, {
    context,
    keys: options.keys,
    webhookContext,
    followers,
    ledgers,
    polling: { feeds, poller },
    pace,
    clock,
    readiness,
    isMonitoredOnly,
    ...(!metricsListener && { metrics })
  })
  if (isMonitoredOnly) return app
  await app.register(inScope((scope) => graphqlRoutes(scope, executionContext, outlet)))
  if (pages) await app.register(inScope((scope) => registerPages(scope, pages, gate)))
  if (graphql.hasGraphiql) await app.register(inScope((scope) => graphiqlRoutes(scope)))
  if (!capture) {
    await docsRoutes(app)
    refuseOtherMethods(app, methods)
  }
  return app
}
