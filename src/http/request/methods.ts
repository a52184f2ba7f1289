import type { FastifyReply, FastifyRequest } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'
import { sendProblem } from '../schema/problem.ts'
import type { Access } from './gate.ts'
import type { App } from './type-provider.ts'

const all = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** The methods of each path, and who may learn that the path exists. */
export type PathMethods = ReadonlyMap<string, PathMethod>

interface PathMethod {
  readonly methods: Set<string>
  readonly access: Access
  /** The methods that are answered, once all routes are known. */
  allow?: string
}

/** Collects the methods of all routes. This must be called before the first route. */
export function collectMethods(app: App): PathMethods {
  const paths = new Map<string, PathMethod>()
  app.addHook('onRoute', ({ url, method, config }) => {
    const path: PathMethod = paths.get(url) ?? {
      methods: new Set(),
      access: config?.access === 'open' ? 'open' : 'read'
    }
    paths.set(url, path)
    for (const name of [method].flat()) path.methods.add(name)
  })
  return paths
}

/**
 * The refusal of a method at a path that has others, with them as `allow`; undefined where no route has the path. The router has only the
 * methods of `all`: PROPFIND and its like find no route.
 */
export function methodRefusal(
  paths: PathMethods,
  { method, url }: Pick<FastifyRequest, 'method' | 'url'>
): { readonly allow: string; readonly error: PortolanError } | undefined {
  const segments = pathOf(url).split('/')
  for (const [path, { allow }] of paths) {
    const pattern = path.split('/')
    const fits =
      pattern.length === segments.length && pattern.every((part, at) => segmentFits(part, segments[at] ?? ''))
    if (!fits || allow === undefined) continue
    const detail = `This path does not have the method ${method}: it has ${allow}.`
    return { allow, error: new PortolanError('method_not_allowed', detail) }
  }
  return undefined
}

function segmentFits(part: string, segment: string): boolean {
  return part.startsWith(':') ? segment !== '' : part === segment
}

function pathOf(url: string): string {
  return url.split('?')[0] ?? ''
}

/** Answers the methods that a known path does not have with 405, and OPTIONS with those that it has. RFC 9110 section 15.5.6. */
export function refuseOtherMethods(app: App, paths: PathMethods): void {
  for (const [url, path] of [...paths]) {
    const { methods, access } = path
    // The routes of Swagger UI belong to its plugin.
    if (url.includes('*') || url.startsWith('/docs')) continue
    const allow = [...methods, 'OPTIONS'].join(', ')
    path.allow = allow
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
