import Type from 'typebox'
import { PortolanError } from '../../domain/errors.ts'
import { keyScopes } from '../../domain/key.ts'
import { NarrowingSchema } from '../../domain/narrowing.ts'
import { InstantSchema } from '../../domain/text.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import type { App } from '../request/type-provider.ts'
import { closed, listSchema, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, problems } from '../schema/schemas.ts'

const MeSchema = Type.Object(
  {
    id: textSchema(100, 'Names the key; not a secret'),
    name: Type.Optional(textSchema(200)),
    scopes: listSchema(oneOfWords(keyScopes), keyScopes.length),
    catalogues: Type.Optional(NarrowingSchema),
    cidrs: Type.Optional(listSchema(textSchema(50), 100, 'The addresses from which it may be used. Absent: any')),
    createdAt: InstantSchema,
    expiresAt: Type.Optional({ ...InstantSchema, description: 'Of a secret that was replaced: when that ends' })
  },
  { ...closed, title: 'Me' }
)

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
      const { id, name, scopes, catalogues, cidrs, createdAt, expiresAt } = key
      const me = {
        id,
        ...(name !== undefined && { name }),
        scopes,
        ...(catalogues && { catalogues }),
        ...(cidrs && { cidrs }),
        createdAt: formatInstant(createdAt),
        ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) })
      }
      return sendFresh(reply, me)
    }
  )
}
