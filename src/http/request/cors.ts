import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a page may read beside the fields that every page may. */
const exposed = [
  'ETag',
  'Link',
  'Location',
  'Retry-After',
  'RateLimit',
  'RateLimit-Policy',
  'Portolan-Revision',
  'Portolan-Valid-From',
  'Portolan-Valid-Until',
  'Portolan-Seq',
  'Portolan-Epoch',
  'Portolan-Export-Report',
  'Portolan-Site-Revision',
  'X-Request-Id'
].join(', ')

/** What a page may send. POST is for queries and audits: a write from another site is refused. */
const methods = 'GET, HEAD, POST'
const fields = 'Accept, Cache-Control, Content-Type, If-None-Match, Last-Event-ID, Portolan-Min-Seq, Prefer'
/** For how many seconds a browser need not ask again. */
const maxAge = '600'

/**
 * Which pages of other origins may read answers: the CORS protocol of the Fetch standard. A key is taken from pages of origins that are
 * named; `*` stands for all others, without a key. No cookie or key that a browser keeps is ever asked for.
 */
export class Cors {
  readonly #origins: ReadonlySet<string>
  readonly #allowsAny: boolean

  /** `origins`: as browsers write them, scheme, host and port; and `*`. */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins.filter((origin) => origin !== '*'))
    this.#allowsAny = origins.includes('*')
  }

  /** Whether the fields of an answer depend on the origin that asks for it. */
  get varies(): boolean {
    return this.#origins.size > 0
  }

  /** Lets the page that asks read the answer, if it may. */
  allow({ headers }: IncomingMessage, response: ServerResponse): void {
    const allowed = this.#allowedOrigin(headers.origin, headers.authorization !== undefined)
    if (allowed === undefined) return
    response.setHeader('access-control-allow-origin', allowed)
    response.setHeader('access-control-expose-headers', exposed)
  }

  /** What a browser that asks whether a page may send a request is told. Undefined: it does not ask, or the page may not. */
  preflight({ method, headers }: IncomingMessage): Readonly<Record<string, string>> | undefined {
    if (method !== 'OPTIONS' || headers['access-control-request-method'] === undefined) return undefined
    const allowed = headers.origin === undefined ? undefined : this.#allowedOrigin(headers.origin, false)
    if (allowed === undefined) return undefined
    return {
      'access-control-allow-origin': allowed,
      'access-control-allow-methods': methods,
      'access-control-allow-headers': allowed === '*' ? fields : `${fields}, Authorization`,
      'access-control-max-age': maxAge
    }
  }

  #allowedOrigin(origin: string | undefined, hasKey: boolean): string | undefined {
    if (origin !== undefined && this.#origins.has(origin)) return origin
    return this.#allowsAny && !hasKey ? '*' : undefined
  }
}
