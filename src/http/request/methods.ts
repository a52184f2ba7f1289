import type { FastifyReply, FastifyRequest } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'
import { sendProblem } from '../schema/problem.ts'
import type { Access } from './gate.ts'
import type { App } from './type-provider.ts'

const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** The methods of each path, and who may learn that the path exists. */
export type PathMethods = ReadonlyMap<string, { readonly methods: ReadonlySet<string>; readonly access: Access }>

/** Collects the methods of all routes. This must be called before the first route. */
export function collectMethods(app: App): PathMethods {
  const paths = new Map<string, { readonly methods: Set<string>; readonly access: Access }>()
  app.addHook('onRoute', ({ url, method, config }) => {
    const path = paths.get(url) ?? { methods: new Set(), access: config?.access === 'open' ? 'open' : 'read' }
    paths.set(url, path)
    for (const name of [method].flat()) path.methods.add(name)
  })
  return paths
}

/** Answers the methods that a known path does not have with 405, and OPTIONS with those that it has. RFC 9110 section 15.5.6. */
export function refuseOtherMethods(app: App, paths: PathMethods): void {
  for (const [url, { methods, access }] of [...paths]) {
    // The routes of Swagger UI belong to its plugin.
    if (url.includes('*') || url.startsWith('/docs')) continue
    const allow = [...methods, 'OPTIONS'].join(', ')
    const others = all.filter((name) => !methods.has(name))
    const refuse = (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('allow', allow)
      if (request.method === 'OPTIONS') return void reply.code(204).send()
      sendProblem(
        request,
        reply,
        new PortolanError(
          'method_not_allowed',
          `This path does not have the method ${request.method}: it has ${allow}.`
        )
      )
    }
    // The request is refused before its body is read.
    app.route({
      method: [...others],
      url,
      config: { access },
      schema: { hide: true },
      onRequest: (request, reply) => refuse(request, reply),
      handler: refuse
    })
  }
}
