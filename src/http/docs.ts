import swaggerUi from '@fastify/swagger-ui'
import type { App } from './type-provider.ts'

/** The OpenAPI document, and its pages. The pages bring their own content security policy: they need scripts and styles. */
export async function docsRoutes(app: App): Promise<void> {
  app.get('/openapi.json', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('cache-control', 'max-age=60')
      .type('application/json; charset=utf-8')
      .send(JSON.stringify(app.swagger()))
  )
  await app.register(swaggerUi, { routePrefix: '/docs', staticCSP: true })
}
