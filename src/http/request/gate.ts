import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify'
import type { Keys } from '../../catalogue/keys.ts'
import { noCatalogue } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { hasScope, type Key, type KeyScope, requireCatalogue, requireScope } from '../../domain/key.ts'
import { namesCatalogue } from '../../domain/narrowing.ts'
import { cookieKey, identifyKey, keyTextIn } from './auth.ts'
import { type Client, clientOf, type ProxyTrust, pathOfBase } from './client.ts'
import { isForeign, ownNames, requireOwnHost } from './host.ts'

/**
 * Who may have the answer of a route. `open`: everybody, also while the service is not ready. `anyone`: everybody, once it is ready. `read`:
 * everybody where reads are public, else a key with `catalogue:read`. `metrics`: everybody where reads are public, else a key with
 * `metrics:read`, also while the service is not ready. A scope: a key that has it.
 */
export type Access = 'open' | 'anyone' | 'read' | 'metrics' | KeyScope

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Every route declares it; see `requireDeclaredAccess`. */
    access?: Access
    /** Browsers cannot send a key when they open a WebSocket: on this route the first message presents it. */
    isKeyInFirstMessage?: boolean
    /** A page: where reads need a key, the cookie of a browser presents it. */
    isPage?: boolean
    /** A form of a page: a page of another site may not send it. */
    isForm?: boolean
  }
}

/** Whether the process is ready: from when its store is migrated and loaded until it drains. */
export interface Readiness {
  isReady: boolean
  /** It is about to stop: it answers, and asks to be sent nothing more. */
  isDraining?: boolean
  /** Whether webhooks are not sent now, in a process that does nothing else. */
  readonly isSenderDown?: () => boolean
}

export interface GateOptions {
  readonly keys: Keys
  readonly readAccess: 'public' | 'key'
  readonly readiness: Readiness
  /** The base of links, if it is configured: its origin is the service's own. */
  readonly publicUrl?: string
  /** The proxies that say whose requests they pass on. Default: none. */
  readonly trust?: ProxyTrust | undefined
  /** The names that the service answers for. Default: any. */
  readonly hosts?: readonly string[]
}

/** What a gate answers to those who ask it. */
export type RequestGate = Pick<
  Gate,
  | 'isPublic'
  | 'clientOf'
  | 'requireHost'
  | 'presentedBy'
  | 'learn'
  | 'enter'
  | 'admit'
  | 'mayRead'
  | 'onKeyEnd'
  | 'writeRefusal'
>

/** The one place that decides who may have an answer. */
export class Gate {
  readonly isPublic: boolean
  readonly #options: GateOptions
  readonly #names: ReadonlySet<string> | undefined
  readonly #path: string | undefined

  constructor(options: GateOptions) {
    this.#options = options
    this.isPublic = options.readAccess === 'public'
    this.#path = pathOfBase(options.publicUrl)
    this.#names = ownNames(options.hosts ?? [], options.publicUrl)
  }

  /** Who sent a request. The public URL says under which path the service is, as a proxy does. */
  clientOf(request: FastifyRequest): Client {
    const client = clientOf(request.raw, this.#options.trust)
    return this.#path === undefined ? client : { ...client, path: this.#path }
  }

  /** @throws PortolanError `bad_host`, `misdirected` */
  requireHost(request: FastifyRequest): void {
    requireOwnHost(request, this.#names)
  }

  /**
   * What presents the key of a request. What a browser sends along when a page of another site opens a socket is not meant by anybody, and
   * is taken away: the first message presents the key.
   */
  presentedBy(request: FastifyRequest): string | undefined {
    if (request.ws && isForeign(request, this.#options.publicUrl)) delete request.headers.authorization
    const { authorization } = request.headers
    if (authorization !== undefined || this.isPublic || !request.routeOptions.config?.isPage) return authorization
    const key = cookieKey(request.headers.cookie)
    return key === undefined ? undefined : `Bearer ${key}`
  }

  /**
   * Asks the store for the key that a caller presents, where this process does not know it: another one may have just made it. Undefined:
   * `admit` can decide at once.
   */
  learn(authorization: string | undefined): Promise<void> | undefined {
    const { keys, readiness } = this.#options
    if (authorization === undefined || !readiness.isReady) return undefined
    const text = keyTextIn(authorization)
    return text === undefined ? undefined : keys.learn(text)
  }

  /**
   * What every request passes, on every transport, before anything answers it. `presentedBy` was asked before.
   * @returns the key of its caller
   * @throws PortolanError `bad_host`, `misdirected`, `cross_site`, `expectation_failed`, those of `admit`, and, for a catalogue that the key is
   * not narrowed to, `not_found` or `insufficient_scope`
   */
  enter(request: FastifyRequest): Key | undefined {
    this.requireHost(request)
    const { config } = request.routeOptions
    const refusal = isWrite(request)
      ? this.writeRefusal(request)
      : config?.isForm
        ? this.#foreignRefusal(request)
        : undefined
    if (refusal) throw refusal
    const { expect } = request.headers
    const authorization = this.presentedBy(request)
    const key = this.admit(accessOf(request), authorization, request.client.address)
    if (key) requireNamed(request, key)
    if (expect !== undefined && !/\b100-continue\b/i.test(expect))
      throw new PortolanError('expectation_failed', 'Expect may be 100-continue, and nothing else.')
    return key
  }

  /**
   * The key of a caller who may have an answer with this access. A key that is presented must be valid, even where none is needed.
   * `address`: the IP address of the client.
   * @throws PortolanError `not_ready`, `unauthorized`, `address_not_allowed`, `insufficient_scope`
   */
  admit(access: Access, authorization: string | undefined, address: string): Key | undefined {
    const { keys, readiness } = this.#options
    if (!readiness.isReady && access !== 'open' && access !== 'metrics')
      throw new PortolanError('not_ready', 'The service is starting or stopping.')
    const key = identifyKey(keys, authorization, address)
    if (access === 'open' || access === 'anyone') return key
    if (access === 'metrics') return this.isPublic ? key : requireWholeService(requireScope(key, 'metrics:read'))
    if (access === 'read') return this.isPublic ? key : requireScope(key, 'catalogue:read')
    const allowed = requireScope(key, access)
    // Whoever may write also sees what others wrote.
    if (!this.isPublic && !showsNoCatalogue.includes(access)) requireReader(allowed)
    return allowed
  }

  /** Calls `end` when a key that was admitted is revoked or expires. The answer stops that. */
  onKeyEnd(key: Key | undefined, end: () => void): () => void {
    return key ? this.#options.keys.onEnd(key, end) : () => {}
  }

  /**
   * Why a request may not write, whoever sent it: a page of another site makes browsers send it, or its key came by Basic, which browsers
   * send along unasked. Undefined: it may, with the right key. `authorization` is what presents the key.
   */
  writeRefusal(request: FastifyRequest, authorization = request.headers.authorization): PortolanError | undefined {
    const foreign = this.#foreignRefusal(request)
    if (foreign) return foreign
    if (authorization !== undefined && /^basic /i.test(authorization))
      return new PortolanError('unauthorized', 'Basic serves for reads only: present the key of a write as Bearer.')
    return undefined
  }

  #foreignRefusal(request: FastifyRequest): PortolanError | undefined {
    if (!isForeign(request, this.#options.publicUrl)) return undefined
    return new PortolanError(
      'cross_site',
      'A page of another site asks for this write. If it is a page of this service, PORTOLAN_PUBLIC_URL must name the address at which people open it.'
    )
  }

  /** Whether the caller who presents this may read now. */
  mayRead(authorization: string | undefined, address: string): boolean {
    try {
      this.admit('read', authorization, address)
      return true
    } catch {
      return false
    }
  }
}

/**
 * Refuses the routes of a catalogue that a key is not narrowed to. For reads it is as if it were not there, whether it is or not.
 * @throws PortolanError `not_found`, `insufficient_scope`
 */
function requireNamed(request: FastifyRequest, key: Key): void {
  if (
    key.catalogues === undefined ||
    !/^\/(?:v1\/catalogues|v1\/feeds|c|shapes\/(?:aws|m365))\/:id/.test(request.routeOptions.url ?? '')
  )
    return
  // The schema of a route is applied later. Its parameter is a text, whatever else the schema says.
  const { id } = request.params as { readonly id: string }
  if (namesCatalogue(key.catalogues, id)) return
  if (isWrite(request)) requireCatalogue(key, id)
  throw noCatalogue(id)
}

/** Metrics count all catalogues. @throws PortolanError `insufficient_scope` */
function requireWholeService(key: Key): Key {
  if (key.catalogues === undefined) return key
  throw new PortolanError(
    'insufficient_scope',
    `The key ${key.id} is narrowed to ${key.catalogues.join(', ')}, and metrics are of the whole service.`
  )
}

/** The scopes whose routes show nothing of a catalogue. */
const showsNoCatalogue: readonly Access[] = ['keys:manage', 'metrics:read']

/** @throws PortolanError `insufficient_scope` */
function requireReader(key: Key): void {
  if (hasScope(key, 'catalogue:read')) return
  throw new PortolanError(
    'insufficient_scope',
    `The key ${key.id} lacks the scope catalogue:read. Where reads need a key, ${key.scopes.join(', ')} is of no use without it.`,
    { extra: { scope: 'catalogue:read' } }
  )
}

/** The access that the route of a request declares. Everybody may have the 404 of an unknown path. */
function accessOf({ routeOptions: { config }, ws }: FastifyRequest): Access {
  if (ws && config?.isKeyInFirstMessage) return 'anyone'
  return config?.access ?? 'open'
}

/** Whether the answer to a request depends on what is published. */
export function needsStore(request: FastifyRequest): boolean {
  const access = accessOf(request)
  return access !== 'open' && access !== 'metrics'
}

/** Whether the route of a request writes. Reads that have a body are sent by POST too, and the graph says itself what writes. */
function isWrite({ method, routeOptions: { config } }: FastifyRequest): boolean {
  const access = config?.access ?? 'open'
  return method !== 'GET' && method !== 'HEAD' && !['open', 'anyone', 'read', 'metrics'].includes(access)
}

/** Makes the application fail at its start if a route declares no access. This must be called before the first route. */
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
