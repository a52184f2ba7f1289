import Type from 'typebox'
import { signingKeyOf } from '../../catalogue/webhook/signing.ts'
import { InstantSchema } from '../../domain/text.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import type { RouteContext } from '../answer/send-point.ts'
import type { App } from '../request/type-provider.ts'
import { closed, listSchema, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, problems } from '../schema/schemas.ts'

const WebhookKeysSchema = Type.Object(
  {
    keys: listSchema(
      Type.Object(
        {
          id: textSchema(100),
          algorithm: oneOfWords(['ed25519']),
          publicKey: Type.String({
            pattern: '^whpk_[A-Za-z0-9+/]+=*$',
            maxLength: 100,
            description: '`whpk_` and base64 of the 32 bytes'
          }),
          createdAt: InstantSchema
        },
        { ...closed, title: 'WebhookKey' }
      ),
      100
    )
  },
  { ...closed, title: 'WebhookKeys' }
)

export function webhookKeyRoutes(app: App, { catalogues }: RouteContext): void {
  app.get(
    '/v1/webhook-keys',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listWebhookKeys',
        summary: 'The public keys that verify `v1a` signatures',
        description:
          'Subscriptions with `asymmetric` have these signatures: Ed25519 over `webhook-id.webhook-timestamp.body`, as in Standard Webhooks.',
        tags: ['subscriptions'],
        querystring: NoQuerySchema,
        response: {
          200: answerSchema('The keys', WebhookKeysSchema),
          ...problems('unknown_parameter', 'insufficient_scope')
        }
      }
    },
    async (_request, reply) => {
      const { id, publicKey, createdAt } = await signingKeyOf(catalogues)
      const key = { id, algorithm: 'ed25519', publicKey, createdAt: formatInstant(createdAt) }
      return sendFresh(reply, { keys: [key] })
    }
  )
}
