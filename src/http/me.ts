import { PortolanError } from '../domain/errors.ts'
import { formatInstant } from '../domain/instant.ts'
import { MeSchema, problems } from './schemas.ts'
import type { App } from './type-provider.ts'

export function meRoutes(app: App): void {
  app.get(
    '/v1/me',
    {
      schema: {
        operationId: 'getMe',
        summary: 'The key of this request and its scopes',
        tags: ['service'],
        security: [{ bearer: [] }, { basic: [] }],
        response: { 200: MeSchema, ...problems('unauthorized') }
      }
    },
    async ({ key }, reply) => {
      if (!key) throw new PortolanError('unauthorized', 'This answers about the key of the request: send one.')
      const { id, name, scopes, createdAt, expiresAt } = key
      const me = {
        id,
        ...(name !== undefined && { name }),
        scopes,
        createdAt: formatInstant(createdAt),
        ...(expiresAt !== undefined && { expiresAt: formatInstant(expiresAt) })
      }
      return reply.header('cache-control', 'no-store').type('application/json; charset=utf-8').send(JSON.stringify(me))
    }
  )
}
