import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Keys } from '../../catalogue/keys.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type Key, type KeyScope, requireScope } from '../../domain/key.ts'
import { identify } from './auth.ts'

/**
 * Who may have the answer of a route. `open`: everybody, also while the service is not ready. `anyone`: everybody, once it is ready. `read`:
 * everybody where reads are public, else a key with `catalogue:read`. A scope: a key that has it.
 */
export type Access = 'open' | 'anyone' | 'read' | KeyScope

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it; see `requireDeclaredAccess`. */
    access?: Access
    /** Browsers cannot send a key when they open a WebSocket: the first message of this one presents it. */
    isKeyInFirstMessage?: boolean
  }
}

/** What the process knows of itself: it is ready once it is migrated and loaded, and no longer once it drains. */
export interface Readiness {
  isReady: boolean
}

export interface GateOptions {
  readonly keys: Keys
  readonly readAccess: 'public' | 'key'
  readonly readiness: Readiness
}

/** The one place that decides who may have an answer. */
export class Gate {
  readonly isPublic: boolean
  readonly #options: GateOptions

  constructor(options: GateOptions) {
    this.#options = options
    this.isPublic = options.readAccess === 'public'
  }

  /**
   * The key of a caller who may have what asks for this access. A key that is presented must be good, also where none is needed.
   * @throws PortolanError `not_ready`, `unauthorized`, `insufficient_scope`
   */
  admit(access: Access, authorization: string | undefined): Key | undefined {
    const { keys, readiness } = this.#options
    if (!readiness.isReady && access !== 'open')
      throw new PortolanError('not_ready', 'The service is starting or stopping.')
    const key = identify(keys, authorization)
    if (access === 'open' || access === 'anyone') return key
    // Whoever writes gets to see what others wrote.
    if (!this.isPublic) requireScope(key, 'catalogue:read')
    return access === 'read' ? key : requireScope(key, access)
  }

  /** Whether who presents this may read now. */
  mayRead(authorization: string | undefined): boolean {
    try {
      this.admit('read', authorization)
      return true
    } catch {
      return false
    }
  }
}

/** The access that the route of a request declares; an unknown path names nothing, so that its 404 is for everybody. */
export function accessOf({ routeOptions: { config }, ws }: FastifyRequest): Access {
  if (ws && config?.isKeyInFirstMessage) return 'anyone'
  return config?.access ?? 'open'
}

/** A route without a declared access keeps the application from starting. Must be called before the first route. */
export function requireDeclaredAccess(app: FastifyInstance): void {
  const routes: RouteOptions[] = []
  app.addHook('onRoute', (route) => void routes.push(route))
  app.addHook('onReady', async () => {
    const undeclared = routes.filter(({ config }) => config?.access === undefined)
    if (undeclared.length === 0) return
    const names = undeclared.map(({ method, url }) => `${[method].flat().join(', ')} ${url}`)
    throw new Error(`These routes do not declare in config.access who may have their answers: ${names.join('; ')}`)
  })
}
