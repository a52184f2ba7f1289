import { gzipSync } from 'node:zlib'
import swaggerUi, { type FastifySwaggerUiOptions } from '@fastify/swagger-ui'
import type { FastifyPluginAsync } from 'fastify'
import { contentTag, gzipTag, isNotModified } from '../../domain/read/etag.ts'
import { acceptsGzip } from '../request/preferred-type.ts'
import type { App } from '../request/type-provider.ts'
import { openApi30 } from './openapi-3.0.ts'
import { schemaNode } from './openapi-components.ts'

/** The pages need their own scripts, inline styles, and requests to the service. They need nothing else, and nobody may frame them. */
const pagePolicy = {
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self' 'unsafe-inline'",
  'img-src': "'self' data:",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'"
}

/** The OpenAPI document, in two versions, and its pages. */
export async function docsRoutes(app: App): Promise<void> {
  documentRoute(app, '/openapi.json', 'open', () => app.swagger())
  documentRoute(app, '/openapi-3.0.json', 'read', () => openApi30(schemaNode(app.swagger())))
  await app.register(pagesForEverybody)
}

/** The document is made at the first request. */
function documentRoute(app: App, path: string, access: 'open' | 'read', make: () => object): void {
  let prepared: ReturnType<typeof prepare> | undefined

  app.get(path, { config: { access }, schema: { hide: true } }, async (request, reply) => {
    prepared ??= prepare(make())
    const { tag, plain, zipped } = prepared
    const isZipped = acceptsGzip(request)
    reply
      .header('etag', `"${isZipped ? gzipTag(tag) : tag}"`)
      .header('cache-control', 'max-age=60')
      .header('vary', 'accept-encoding')
    if (isNotModified(request.headers['if-none-match'], `"${tag}"`)) return reply.code(304).send()
    if (isZipped) reply.header('content-encoding', 'gzip')
    return reply.type('application/json; charset=utf-8').send(isZipped ? zipped : plain)
  })
}

/** The plugin declares no access for its routes: everybody may read the pages. */
const pagesForEverybody: FastifyPluginAsync = async (scope) => {
  scope.addHook('onRoute', (route) => {
    route.config = { ...route.config, access: 'open' }
  })
  // The plugin knows no path that a proxy takes away. What is relative to the page holds below any.
  scope.addHook('onRequest', async ({ url }, reply) => {
    const [path] = url.split('?')
    if (path === '/docs') return reply.redirect('docs/')
    if (path === '/docs/static/index.html') return reply.redirect('../')
  })
  await scope.register(swaggerUi, pages)
}

const pages: FastifySwaggerUiOptions = {
  routePrefix: '/docs',
  staticCSP: pagePolicy,
  theme: { title: 'Portolan' },
  // BaseLayout has no bar that loads other documents: this page is about this service.
  uiConfig: { layout: 'BaseLayout', tryItOutEnabled: true, displayRequestDuration: true, defaultModelsExpandDepth: 0 }
}

function prepare(document: object) {
  const plain = Buffer.from(JSON.stringify(document))
  return { plain, zipped: gzipSync(plain), tag: contentTag(plain, 'openapi') }
}
