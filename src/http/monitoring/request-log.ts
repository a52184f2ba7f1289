import type { Logger } from 'pino'
import { securityHeaders } from '../answer/headers.ts'
import type { Meter } from '../limit/meter.ts'
import type { Cors } from '../request/cors.ts'
import type { App } from '../request/type-provider.ts'
import type { Metrics } from './metrics.ts'

interface RequestLogOptions {
  readonly metrics: Metrics
  readonly meter: Meter
  readonly cors: Cors | undefined
  readonly log: Logger
}

/** Adds security header fields and a request id to every answer of a route, and counts and logs it. Hot answers skip this. */
export function logRequests(app: App, { metrics, meter, cors, log }: RequestLogOptions): void {
  app.addHook('onSend', async (request, reply) => {
    // A page has its own.
    if (!reply.hasHeader('content-security-policy')) reply.headers(securityHeaders)
    reply.header('x-request-id', request.id)
    const { method, url, routeOptions, id, key } = request
    const { statusCode, elapsedTime } = reply
    if (cors?.varies) reply.header('vary', [reply.getHeader('vary') ?? [], 'origin'].flat().join(', '))
    if (statusCode === 304) meter.giveBack(request, reply)
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
}
