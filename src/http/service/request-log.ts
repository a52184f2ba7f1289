import type { Logger } from 'pino'
import { securityHeaders } from '../answer/headers.ts'
import type { App } from '../request/type-provider.ts'
import type { Metrics } from './metrics.ts'

/** Adds security header fields and a request id to every answer of a route, and counts and logs it. Hot answers skip this. */
export function logRequests(app: App, metrics: Metrics, log: Logger): void {
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
}
