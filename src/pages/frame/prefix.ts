import type { FastifyRequest } from 'fastify'
import { baseOf, type RouteContext } from '../../http/answer/send-point.ts'
import { pathOfBase } from '../../http/request/client.ts'

/** The path that a proxy takes away, below which the links of a page lead. */
export function pagePrefix(context: RouteContext, request: FastifyRequest): string {
  const base = baseOf(context, request)
  return URL.canParse(base) ? pathOfBase(base) : ''
}
