import { PortolanError } from '../../domain/errors.ts'
import { keyJson } from '../../render/key-json.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import type { App } from '../request/type-provider.ts'
import { MeSchema } from '../schema/key-schema.ts'
import { answerSchema, NoQuerySchema, problems } from '../schema/schemas.ts'

export function meRoutes(app: App): void {
  app.get(
    '/v1/me',
    {
      config: { access: 'anyone' },
      schema: {
        operationId: 'getMe',
        summary: 'The key of this request and its scopes',
        tags: ['service'],
        description:
          'Scopes: `catalogue:read`, `catalogue:publish` (which includes reading), `catalogue:override` for passing guard rails, `subscriptions:write` for webhooks, `keys:manage` for making, listing, rotating and revoking keys, `metrics:read` for `/metrics`, and `admin`, which includes all others.',
        security: [{ bearer: [] }, { basic: [] }],
        querystring: NoQuerySchema,
        response: { 200: answerSchema('The key', MeSchema), ...problems('unknown_parameter') }
      }
    },
    async ({ key }, reply) => {
      if (!key) throw new PortolanError('unauthorized', 'The request has no key: send the one that is asked about.')
      const { revokedAt: _, lastUsedAt: __, previousUntil: ___, ...me } = keyJson(key)
      return sendFresh(reply, me)
    }
  )
}
