import type { FastifyInstance } from 'fastify'
import type { KnownHeads } from '../../catalogue/heads.ts'
import { type ErrorCode, PortolanError } from '../../domain/errors.ts'

/** What a process may deny since it does not know of the newest commit. */
const denials: readonly ErrorCode[] = ['not_found', 'unknown_revision', 'precondition_failed']

/**
 * Lets no route deny anything from memory: before it does, the store is asked once, and where there is something new, the route decides
 * again. Requests that come together ask once. This must be called before the first route.
 */
export function askBeforeDenying(app: FastifyInstance, heads: Pick<KnownHeads, 'seq' | 'refresh'>): void {
  app.addHook('onRoute', (route) => {
    const { handler } = route
    route.handler = async function (request, reply) {
      const { seq } = heads
      try {
        return await handler.call(this, request, reply)
      } catch (error) {
        if (!(error instanceof PortolanError && denials.includes(error.code))) throw error
        await heads.refresh()
        // What another request has learnt meanwhile counts, too.
        if (heads.seq === seq) throw error
        return handler.call(this, request, reply)
      }
    }
  })
}
