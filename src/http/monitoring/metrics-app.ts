import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer, Server as TlsServer } from 'node:https'
import fastify from 'fastify'
import type { Logger } from 'pino'
import { PortolanError } from '../../domain/errors.ts'
import { endConnectionsOnClose } from '../answer/open-connections.ts'
import { readTls, type TlsFiles, watchTls } from '../answer/tls.ts'
import { clientOf, type ProxyTrust } from '../request/client.ts'
import type { RequestGate } from '../request/gate.ts'
import type { App, TypeBoxProvider } from '../request/type-provider.ts'
import { errorHandler, sendProblem } from '../schema/problem.ts'
import { ProblemSchema } from '../schema/schemas.ts'
import { type Metrics, metricsRoutes } from './metrics.ts'

/** In milliseconds. What scrapes metrics asks for little, and at once. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 15_000, keepAliveTimeout: 72_000 } as const

export interface MetricsAppOptions {
  readonly metrics: Metrics
  readonly gate: RequestGate
  readonly trust: ProxyTrust | undefined
  readonly log: Logger
  /** As the service has it. Absent: connections are not encrypted. */
  readonly tls?: TlsFiles
}

/** An application of its own for `/metrics`, so that what scrapes them needs no way to the service. Who may have them is the same. */
export function metricsApp({ metrics, gate, trust, log, tls }: MetricsAppOptions): App {
  const serverFactory = (handle: RequestListener) =>
    tls ? createTlsServer({ ...timeouts, ...readTls(tls) }, handle) : createServer(timeouts, handle)
  const app: App = fastify({
    logger: false,
    serverFactory,
    forceCloseConnections: true
  }).withTypeProvider<TypeBoxProvider>()
  endConnectionsOnClose(app)
  if (tls && app.server instanceof TlsServer) {
    const unwatch = watchTls(app.server, tls, log)
    app.addHook('onClose', async () => unwatch())
  }
  app.setErrorHandler(errorHandler(log))
  app.setNotFoundHandler((request, reply) =>
    sendProblem(request, reply, new PortolanError('not_found', 'Here is nothing but /metrics.'))
  )
  app.decorateRequest('client')
  app.decorateRequest('key', undefined)
  app.addSchema(ProblemSchema)
  app.addHook('onRequest', async (request) => {
    request.client = clientOf(request.raw, trust)
    const { authorization } = request.headers
    await gate.learn(authorization)
    request.key = gate.admit('metrics', authorization, request.client.address)
  })
  metricsRoutes(app, metrics)
  return app
}
