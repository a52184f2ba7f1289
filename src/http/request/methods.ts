import type { FastifyReply, FastifyRequest } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'
import { sendProblem } from '../schema/problem.ts'
import type { Access } from './gate.ts'
import type { App } from './type-provider.ts'

const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** Which methods each path was registered with, and who may know that it is there. */
export type PathMethods = ReadonlyMap<string, { readonly methods: ReadonlySet<string>; readonly access: Access }>

/** Listens to registrations; must be called before the first route. */
export function collectMethods(app: App): PathMethods {
  const paths = new Map<string, { readonly methods: Set<string>; readonly access: Access }>()
  app.addHook('onRoute', ({ url, method, config }) => {
    const path = paths.get(url) ?? { methods: new Set(), access: config?.access === 'open' ? 'open' : 'read' }
    paths.set(url, path)
    for (const name of [method].flat()) path.methods.add(name)
  })
  return paths
}

/** Gives every known path an answer to the methods that it does not have: 405, and OPTIONS says which it has. RFC 9110 15.5.6. */
export function refuseOtherMethods(app: App, paths: PathMethods): void {
  for (const [url, { methods, access }] of [...paths]) {
    // The pages of Swagger UI are not ours to describe.
    if (url.includes('*') || url.startsWith('/docs')) continue
    const allow = [...methods, 'OPTIONS'].join(', ')
    const others = all.filter((name) => !methods.has(name))
    const refuse = (request: FastifyRequest, reply: FastifyReply) => {
      reply.header('allow', allow)
      if (request.method === 'OPTIONS') return void reply.code(204).send()
      sendProblem(request, reply, new PortolanError('method_not_allowed', `${request.method} is not one of ${allow}.`))
    }
    // Refused before a body is read: what it holds does not matter.
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
