import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { SubscriptionContext } from '../../catalogue/webhook/subscriptions.ts'
import type { Key } from '../../domain/key.ts'
import { requireScope } from '../../domain/key.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { pageFields } from '../request/query.ts'
import { closed, textSchema } from '../schema/schema-words.ts'

/** The context of routes about subscriptions. */
export interface SubscriptionRouteContext extends RouteContext {
  readonly subscriptionContext: SubscriptionContext
}

export const keyedOperation = { tags: ['subscriptions'], security: [{ bearer: [] }, { basic: [] }] } as const

/** The codes of operations that change one subscription. */
export const subscriptionCodes = [
  'unknown_parameter',
  'cross_site',
  'insufficient_scope',
  'not_found',
  'conflict'
] as const

export const PageQuerySchema = Type.Object(pageFields, closed)

export const pageLinkHeaders = { Link: textSchema(40_000, 'RFC 8288: `rel="next"` leads to the next page') }

/** @throws PortolanError `insufficient_scope` */
export function requireSubscriber(request: FastifyRequest): Key {
  return requireScope(request.key, 'subscriptions:write')
}
