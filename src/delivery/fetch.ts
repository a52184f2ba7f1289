import type { IncomingHttpHeaders } from 'node:http'
import { Agent, request } from 'undici'
import { PortolanError } from '../domain/errors.ts'
import type { Fetched, Validators } from '../domain/feed/fetched.ts'
import { dayMs } from '../domain/time/duration.ts'
import type { Instant } from '../domain/time/instant.ts'
import { retryAfterDelay } from '../domain/webhook/retry.ts'
import { acceptedEncodings, BodyError, decodedBody } from './decoded-body.ts'
import { type Egress, EgressRefusal } from './egress.ts'
import { DeadlineError } from './response-reader.ts'

export interface FetcherOptions {
  readonly egress: Egress
  /** What the service calls itself. */
  readonly userAgent: string
  readonly now: () => Instant
  /** How long one list may take in all: names, connections, redirects and body. Default: 30 seconds. */
  readonly deadlineMs?: number
}

/** The largest list, after content decoding. */
const mostBytes = 64 * 1_048_576
const mostRedirects = 3
/** How much is read of a body that nobody wants, so that its connection can be used again. */
const unwantedBytes = 65_536

/** Asks providers for their lists, through the guard of connections that go out. Cookies are neither kept nor sent. */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #agent: Agent
  readonly #closing = new AbortController()

  constructor(options: FetcherOptions) {
    this.#options = options
    this.#agent = new Agent({
      connect: options.egress.connector(() => {}),
      pipelining: 1,
      keepAliveTimeout: 4000,
      maxHeaderSize: 16_384
    })
  }

  /**
   * Asks for the list at a URL, conditionally where there are validators. Redirects are followed on the same host, and never to plain HTTP.
   * It never rejects: a failure is an answer too.
   */
  async fetch(url: string, validators: Validators = {}): Promise<Fetched> {
    const { deadlineMs = 30_000 } = this.#options
    const late = AbortSignal.timeout(deadlineMs)
    const signal = AbortSignal.any([late, this.#closing.signal])
    try {
      return await this.#follow(url, headersOf(this.#options.userAgent, validators), signal)
    } catch (error) {
      return failureOf(late.aborted ? new DeadlineError(deadlineMs) : error)
    }
  }

  /** Gives up the requests that are under way. */
  async close(): Promise<void> {
    this.#closing.abort()
    await this.#agent.destroy()
  }

  async #follow(first: string, headers: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Fetched> {
    let url = first
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      await this.#options.egress.check(url)
      const answer = await request(url, { dispatcher: this.#agent, headers, signal })
      const { statusCode: status, headers: fields, body } = answer
      if (status === 200) {
        const encoding = textOf(fields['content-encoding'])
        const bytes = await decodedBody(body, encoding, { mostBytes, signal })
        return { kind: 'content', bytes, status, ...validatorsOf(fields) }
      }
      // What is not wanted may be cut off: nobody reads it.
      await body.dump({ limit: unwantedBytes, signal }).catch(() => {})
      if (status === 304) return { kind: 'not_modified', status }
      const location = textOf(fields.location)
      if (![301, 302, 303, 307, 308].includes(status) || location === undefined)
        return refusedBy(status, fields, this.#options.now())
      const next = redirectOf(url, location)
      if (typeof next !== 'string') return { kind: 'failed', reason: next.fault, status }
      url = next
    }
    return { kind: 'failed', reason: `the source redirects more than ${mostRedirects} times` }
  }
}

function headersOf(userAgent: string, { etag, lastModified }: Validators): Record<string, string> {
  return {
    accept: '*/*',
    'accept-encoding': acceptedEncodings,
    'user-agent': userAgent,
    ...(etag !== undefined && { 'if-none-match': etag }),
    ...(lastModified !== undefined && { 'if-modified-since': lastModified })
  }
}

function validatorsOf(fields: IncomingHttpHeaders): Validators {
  const [etag, lastModified] = [textOf(fields.etag), textOf(fields['last-modified'])]
  return { ...(etag !== undefined && { etag }), ...(lastModified !== undefined && { lastModified }) }
}

function refusedBy(status: number, fields: IncomingHttpHeaders, now: Instant): Fetched {
  const retryAfterMs = retryAfterDelay(textOf(fields['retry-after']), now, dayMs)
  return {
    kind: 'failed',
    reason: `the source answered ${status}`,
    status,
    ...(retryAfterMs !== undefined && { retryAfterMs })
  }
}

/** The URL that a redirect leads to, or why it is not followed. */
function redirectOf(from: string, location: string): string | { readonly fault: string } {
  if (!URL.canParse(location, from)) return { fault: 'the source redirects to what is no URL' }
  const [before, next] = [new URL(from), new URL(location, from)]
  if (next.hostname !== before.hostname)
    return { fault: `the source redirects to another host, ${next.hostname}: name its URL if it is meant` }
  if (before.protocol === 'https:' && next.protocol !== 'https:')
    return { fault: 'the source redirects to a URL without TLS' }
  next.hash = ''
  return next.href
}

function failureOf(error: unknown): Fetched {
  return { kind: 'failed', reason: reasonOf(error) }
}

function reasonOf(error: unknown): string {
  if (error instanceof PortolanError && error.code === 'egress_refused') return refusalText(Object(error.extra))
  if (error instanceof EgressRefusal) return refusalText(error)
  if (error instanceof DeadlineError || error instanceof BodyError) return error.message
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'AbortError') return 'the service is stopping'
  const code = 'code' in error && typeof error.code === 'string' ? `${error.code} ` : ''
  return `the source cannot be read: ${code}${error.message}`.slice(0, 300)
}

/** Without the URL, whose query may have a secret. */
function refusalText({ address, reason }: { readonly address: unknown; readonly reason: unknown }): string {
  const where = URL.canParse(String(address)) ? new URL(String(address)).hostname : address
  return `nothing may be fetched from there: ${where} ${reason}`
}

function textOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}
