import { setTimeout } from 'node:timers/promises'
import { type ErrorCode, errorTitles, type Fault, PortolanError } from '../../domain/errors.ts'
import { packageVersion } from '../../package-version.ts'

/** The values of query parameters, by their names; a list repeats its parameter. */
export type UrlParameters = Readonly<Record<string, string | number | readonly (string | number)[] | undefined>>

export interface RestRequest {
  readonly method?: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly query?: UrlParameters | URLSearchParams
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export interface RestAnswer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Uint8Array
}

/** The longest that a command waits for a service before it asks again. */
const mostSeconds = 30

/** Asks a service over HTTP. `base` is its URL without a slash at the end. */
export class RestClient {
  private readonly base: string
  private readonly key: string | undefined

  constructor(base: string, key: string | undefined) {
    this.base = base
    this.key = key
  }

  /** @throws PortolanError with the code of the problem, or `not_ready` where no service of ours answers */
  async ask(path: string, { method = 'GET', query = {}, headers = {}, body }: RestRequest = {}): Promise<RestAnswer> {
    const text = String(query instanceof URLSearchParams ? query : parametersOf(query))
    const answer = await this.patiently(`${this.base}${path}${text === '' ? '' : `?${text}`}`, {
      method,
      headers: {
        'user-agent': `portolan/${packageVersion()}`,
        ...(this.key !== undefined && { authorization: `Bearer ${this.key}` }),
        ...headers
      },
      // A redirect would lead the key, or a document, to another place than the one that was named.
      redirect: 'manual',
      ...(body !== undefined && { body })
    })
    // An answer to HEAD has no body, so it cannot say what is wrong: who asks looks at its status.
    if ((answer.status >= 200 && answer.status < 300) || method === 'HEAD') return answer
    throw this.problemOf(answer)
  }

  /** The JSON of an answer. Its type is that of the contract: a newer service may say more, and never less. */
  async json<T>(path: string, request: RestRequest = {}): Promise<T> {
    return this.parse(await this.ask(path, request)) as T
  }

  /** Sends a value as JSON. Its type is that of the contract. */
  send<T>(method: 'POST' | 'PATCH', path: string, value: unknown): Promise<T> {
    return this.json(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) })
  }

  /** Every page of an answer, from the first on. */
  async pages<T>(path: string, request: RestRequest = {}): Promise<readonly T[]> {
    const pages: T[] = []
    for await (const page of this.eachPage<T>(path, request)) pages.push(page)
    return pages
  }

  /** The first items of a list, of as many pages as that takes: all of them where `most` is left out. */
  async items<T>(path: string, query: UrlParameters, most = Number.POSITIVE_INFINITY): Promise<readonly T[]> {
    const found: T[] = []
    for await (const { items } of this.eachPage<{ readonly items: readonly T[] }>(path, { query })) {
      found.push(...items)
      if (found.length >= most) break
    }
    return found.slice(0, most)
  }

  /** The link of a page names what its run is of, so that all pages show one state. */
  private async *eachPage<T>(path: string, request: RestRequest): AsyncGenerator<T, void> {
    let query: UrlParameters | URLSearchParams | undefined = { limit: 1000, ...request.query }
    while (query) {
      const page: Paged = await this.json<Paged>(path, { ...request, query })
      // Each page has what the contract says of the whole answer.
      yield page as T
      query = page.page?.next ? new URL(page.page.next).searchParams : undefined
    }
  }

  private parse({ status, headers, bytes }: RestAnswer): unknown {
    const type = headers.get('content-type')
    if (/^application\/(?:\w+\+)?json\b/.test(type ?? '')) return JSON.parse(Buffer.from(bytes).toString('utf8'))
    const told = type === null ? 'without a type' : `with ${type}`
    throw new PortolanError('not_ready', `${this.base} answers ${status} ${told}: is it the base URL of Portolan?`)
  }

  /**
   * A service that is busy or not ready says when to ask again; it has done nothing of what it was asked. Where its answer took too long, it
   * may have: what is not the same done twice is not asked again.
   */
  private async patiently(url: string, init: RequestInit): Promise<RestAnswer> {
    for (let left = 2; left > 0; left -= 1) {
      const answer = await this.once(url, init)
      if (answer.status !== 503) return answer
      if (init.method === 'POST' && this.problemOf(answer).code === 'deadline_exceeded') return answer
      await setTimeout(Math.min(secondsOf(answer.headers.get('retry-after')), mostSeconds) * 1000)
    }
    return this.once(url, init)
  }

  private async once(url: string, init: RequestInit): Promise<RestAnswer> {
    try {
      const response = await fetch(url, init)
      const { status, headers } = response
      return { status, headers, bytes: new Uint8Array(await response.arrayBuffer()) }
    } catch (error) {
      const { cause = error } = error instanceof Error ? error : {}
      const reason = cause instanceof Error ? cause.message || cause.name : String(cause)
      throw new PortolanError('not_ready', `The service at ${this.base} cannot be reached: ${reason}.`)
    }
  }

  private problemOf(answer: RestAnswer): PortolanError {
    const location = answer.headers.get('location')
    if (answer.status < 400 && location !== null)
      return new PortolanError('not_ready', `${this.base} redirects to ${location}: give --url with where it is.`)
    if (answer.bytes.length === 0) return statusOnly(this.base, answer.status)
    const {
      code,
      detail,
      errors = [],
      title: _,
      type: __,
      status: ___,
      instance: ____,
      ...extra
    } = this.problem(answer)
    if (code === undefined || detail === undefined) return statusOnly(this.base, answer.status)
    const known = Object.hasOwn(errorTitles, code)
    // It is one of the codes: its title is there.
    return new PortolanError(known ? (code as ErrorCode) : 'internal', detail, { faults: errors, extra })
  }

  private problem(answer: RestAnswer): Problem {
    const said = this.parse(answer)
    // An answer that is an object may be read by the members of a problem; which of them are there is looked at.
    return typeof said === 'object' && said !== null ? (said as Problem) : {}
  }
}

interface Paged {
  readonly page?: { readonly next: string | null }
}

interface Problem {
  readonly code?: string
  readonly detail?: string
  readonly errors?: readonly Fault[]
  readonly [member: string]: unknown
}

function parametersOf(query: UrlParameters): URLSearchParams {
  const parameters = new URLSearchParams()
  for (const [name, value] of Object.entries(query))
    for (const each of value === undefined ? [] : [value].flat()) parameters.append(name, String(each))
  return parameters
}

/** RFC 9110, 10.2.3; a date is not waited for. */
function secondsOf(retryAfter: string | null): number {
  return retryAfter !== null && /^\d+$/.test(retryAfter) ? Number(retryAfter) : 1
}

function statusOnly(base: string, status: number): PortolanError {
  return new PortolanError(
    'not_ready',
    `${base} answers ${status} and does not say why: is it the base URL of Portolan?`
  )
}
