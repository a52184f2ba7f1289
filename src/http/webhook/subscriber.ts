import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import type { SubscriptionContext } from '../../catalogue/webhook/subscriptions.ts'
import type { Key } from '../../domain/key.ts'
import { requireScope } from '../../domain/key.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { pageFields } from '../request/query.ts'
import { strict, textSchema } from '../schema/schema-words.ts'

/** What is needed to answer about subscriptions. */
export interface SubscriptionRouteContext extends RouteContext {
  readonly subscribing: SubscriptionContext
}

export const keyedRoute = { tags: ['subscriptions'], security: [{ bearer: [] }, { basic: [] }] } as const

/** What operations on one subscription can answer with. */
export const subscriptionCodes = ['unknown_parameter', 'insufficient_scope', 'not_found', 'conflict'] as const

export const PageQuerySchema = Type.Object(pageFields, strict)

export const pageLink = { Link: textSchema(40_000, 'RFC 8288: `rel="next"` leads to the next page') }

export function requireSubscriber(request: FastifyRequest): Key {
  return requireScope(request.key, 'subscriptions:write')
}
