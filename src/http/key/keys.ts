import Type from 'typebox'
import { defaultOverlapMs, revokeKey, rotateKey } from '../../catalogue/key-changes.ts'
import { createKey, type Keys } from '../../catalogue/keys.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type Key, requireScope } from '../../domain/key.ts'
import { KeyInputSchema, keyGrantOf, requireGrantable } from '../../domain/key-grant.ts'
import { isPatternWithin } from '../../domain/narrowing.ts'
import { parseDuration } from '../../domain/time/duration.ts'
import { keyJson } from '../../render/key-json.ts'
import { pageLinks } from '../answer/paging.ts'
import { sendFresh } from '../answer/send-fresh.ts'
import type { RouteContext } from '../answer/send-point.ts'
import { canonicalQuery, limitOf, pageFields, seekCursorAfter, seekCursorOf } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { KeyParamsSchema, KeySchema, KeyWithSecretSchema } from '../schema/key-schema.ts'
import { closed, textSchema } from '../schema/schema-words.ts'
import { answerSchema, NoQuerySchema, pageCodes, pageSchema, parserCodes, problems } from '../schema/schemas.ts'

const keyed = { tags: ['service'], security: [{ bearer: [] }, { basic: [] }] }
const config = { access: 'keys:manage' } as const

const RotationSchema = Type.Object(
  {
    overlap: Type.Optional(
      Type.String({
        minLength: 2,
        maxLength: 20,
        examples: ['PT24H'],
        description:
          'How long the secret that is replaced is good for, in days and hours; `PT0H`: it ends now. Default: PT24H'
      })
    )
  },
  { ...closed, title: 'KeyRotation' }
)

export function keyRoutes(app: App, context: RouteContext, keys: Keys): void {
  const { catalogues } = context

  app.get(
    '/v1/keys',
    {
      config,
      schema: {
        ...keyed,
        operationId: 'listKeys',
        summary: 'All keys, without their secrets',
        description:
          'Oldest first; keys that were revoked or have expired too. A key that is narrowed to catalogues sees those that are narrowed within them.',
        querystring: Type.Object(pageFields, closed),
        response: {
          200: answerSchema('A page of keys', pageSchema(KeySchema, 'KeyPage'), {
            Link: textSchema(40_000, 'RFC 8288: `rel="next"` leads to the next page')
          }),
          ...problems('unknown_parameter', 'invalid_parameter', 'insufficient_scope', ...pageCodes)
        }
      }
    },
    async (request, reply) => {
      const run = canonicalQuery('keys', request.query)
      const [offset, limit] = [seekCursorOf(request.query, run)?.seen ?? 0, limitOf(request.query)]
      await keys.writeUses()
      const all = seenKeys(requireScope(request.key, 'keys:manage'), await catalogues.store.keys())
      const next = offset + limit
      const cursor = next < all.length ? seekCursorAfter(run, { seen: next }) : undefined
      const { page, link } = pageLinks(context, request, cursor)
      if (link !== undefined) reply.header('link', link)
      return sendFresh(reply, { items: all.slice(offset, next).map(keyJson), page })
    }
  )

  app.post(
    '/v1/keys',
    {
      config,
      schema: {
        ...keyed,
        operationId: 'createKey',
        summary: 'Makes a key, and shows it once',
        description:
          'It works from now on, on every replica. Nobody gives more than they have: its scopes, `catalogues`, `cidrs` and `expiresAt` must lie within those of the key that makes it, else 403 `insufficient_scope`.',
        querystring: NoQuerySchema,
        body: KeyInputSchema,
        response: {
          201: answerSchema('The key, with its secret', KeyWithSecretSchema),
          ...problems(
            'unknown_parameter',
            'cross_site',
            'insufficient_scope',
            ...parserCodes,
            'invalid_body',
            'storage_full'
          )
        }
      }
    },
    async (request, reply) => {
      const grant = keyGrantOf(request.body, catalogues.now())
      requireGrantable(requireScope(request.key, 'keys:manage'), grant)
      const { key, text } = await createKey(catalogues, grant)
      return sendFresh(reply, { ...keyJson(key), key: text }, 201)
    }
  )

  app.delete(
    '/v1/keys/:id',
    {
      config,
      schema: {
        ...keyed,
        operationId: 'revokeKey',
        summary: 'Revokes a key',
        description:
          'What it opened ends within a second, and its subscriptions are paused with the reason `owner_revoked`. A key may revoke what it could have given. To revoke a key again changes nothing.',
        params: KeyParamsSchema,
        querystring: NoQuerySchema,
        response: {
          204: { description: 'The key is revoked', type: 'null' },
          ...problems(
            'unknown_parameter',
            'cross_site',
            'insufficient_scope',
            'not_found',
            ...parserCodes,
            'storage_full'
          )
        }
      }
    },
    async (request, reply) => {
      await revokeKey(catalogues, requireScope(request.key, 'keys:manage'), request.params.id)
      await keys.refresh()
      return reply.code(204).header('cache-control', 'no-store').send()
    }
  )

  app.post(
    '/v1/keys/:id/rotate',
    {
      config,
      preValidation: async (request) => {
        // Whoever changes nothing of it may leave the body away.
        request.body ??= {}
      },
      schema: {
        ...keyed,
        operationId: 'rotateKey',
        summary: 'Gives a key another secret, and shows it once',
        description:
          'Id, name and what it permits stay, and so do its subscriptions. The secret that is replaced is good for `overlap` more; one that an earlier rotation had replaced ends now. A key may rotate what it could have given.',
        params: KeyParamsSchema,
        querystring: NoQuerySchema,
        body: RotationSchema,
        response: {
          201: answerSchema('The key, with its new secret', KeyWithSecretSchema),
          ...problems(
            'unknown_parameter',
            'cross_site',
            'insufficient_scope',
            'not_found',
            'conflict',
            'wrong_state',
            ...parserCodes,
            'invalid_body',
            'storage_full'
          )
        }
      }
    },
    async (request, reply) => {
      const manager = requireScope(request.key, 'keys:manage')
      const { key, text } = await rotateKey(catalogues, manager, request.params.id, overlapOf(request.body.overlap))
      await keys.refresh()
      return sendFresh(reply, { ...keyJson(key), key: text }, 201)
    }
  )
}

/** Whoever may touch some catalogues only does not read in the keys of others what else there is. */
function seenKeys({ catalogues }: Key, keys: readonly Key[]): readonly Key[] {
  if (catalogues === undefined) return keys
  return keys.filter((key) => key.catalogues?.every((pattern) => isPatternWithin(catalogues, pattern)))
}

/** @throws PortolanError `invalid_body` */
function overlapOf(text: string | undefined): number {
  if (text === undefined) return defaultOverlapMs
  const read = parseDuration(text)
  if ('millis' in read) return read.millis
  const faults = [{ pointer: '/overlap', code: 'invalid_parameter', detail: read.fault }]
  throw new PortolanError('invalid_body', `The overlap ${read.fault}.`, { faults })
}
