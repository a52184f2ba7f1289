import { acceptsGzip } from '../../http/request/preferred-type.ts'
import type { App } from '../../http/request/type-provider.ts'
import type { Assets } from './assets.ts'

/** The path names the bytes, so they are kept for good. */
const forGood = 'max-age=31536000, immutable'

/** The files that pages load. Everybody may have them, before the key too. */
export function assetRoutes(app: App, assets: Assets): void {
  for (const { path, type, bytes, zipped } of Object.values(assets))
    app.get(path, { config: { access: 'open', pays: 'nothing' } }, (request, reply) => {
      reply.header('cache-control', forGood).header('vary', 'accept-encoding').type(type)
      return acceptsGzip(request) ? reply.header('content-encoding', 'gzip').send(zipped) : reply.send(bytes)
    })
  // Browsers ask for it whatever a page names.
  app.get('/favicon.ico', { config: { access: 'open', pays: 'nothing' } }, (_request, reply) =>
    reply.code(204).header('cache-control', 'max-age=86400').send()
  )
}
