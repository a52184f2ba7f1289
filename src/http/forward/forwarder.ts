import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Followers } from '../../catalogue/event/followers.ts'
import type { CatalogueSizes } from '../../catalogue/read/catalogue-size.ts'
import { PortolanError } from '../../domain/errors.ts'
import type { Key } from '../../domain/key.ts'
import type { Work } from '../../work/work.ts'
import { isEnding } from '../answer/cache-control.ts'
import { renderedBytes } from '../answer/hot-answers.ts'
import type { HotPosts } from '../answer/hot-posts.ts'
import { waitOn } from '../answer/read-or-wait.ts'
import { baseOf, type RouteContext } from '../answer/send-point.ts'
import type { Meter } from '../limit/meter.ts'
import type { RequestGate } from '../request/gate.ts'
import { waitOf } from '../request/preference.ts'
import type { ForwardedAnswer, ForwardedRequest, ForwardJobs } from './forwarded.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What the cost of an answer grows with: one catalogue, all of them, or the body of the request. What costs more than a little is answered
     * in a thread. Absent: the answer costs little.
     */
    grows?: 'catalogue' | 'catalogues' | 'body'
    /** The most bytes of a body that may be handed to a thread, where a parser has a limit of its own. */
    largestBody?: number
    /** Whether references to feeds are resolved without the parameter `resolve`. Default: no. */
    resolvesFeeds?: boolean
  }
}

export interface ForwarderOptions {
  readonly context: RouteContext
  readonly gate: Pick<RequestGate, 'writeRefusal'>
  readonly work: Work<ForwardJobs>
  readonly sizes: CatalogueSizes
  readonly hotPosts: HotPosts
  readonly followers: Followers
  readonly meter: Meter
  readonly deadlineMs: number
}

interface ThreadWork {
  /** Aborted when the client has gone. */
  readonly signal: AbortSignal
  readonly mayPublish: boolean
}

/** An operation of GraphQL that came over a connection that stays open. */
interface AskedOperation extends ThreadWork {
  /** What the body of a POST would be. */
  readonly body: Uint8Array
  readonly key: Key | undefined
  readonly writeRefusal: PortolanError | undefined
  /** The units that were taken for it already. */
  readonly paid: number
}

type AskedAnswer = Pick<Extract<ForwardedAnswer, { readonly kind: 'response' }>, 'status' | 'body'>

/** Bodies up to this many bytes are read on the loop. */
const mostSmallBody = 8192
/** How many bytes of answers may wait for clients that read slowly. */
const mostUnsentBytes = 256 * 1024 * 1024
/** A publish may take so many times as long as a read. */
const publishFactor = 6

/** The side of the loop: hands requests whose answers cost something to the pool of threads, and writes what comes back. */
export class Forwarder {
  readonly #options: ForwarderOptions
  #unsentBytes = 0

  constructor(options: ForwarderOptions) {
    this.#options = options
  }

  /** Whether the answer to this request may keep the loop for longer than it should. */
  async isCostly(request: FastifyRequest, bodyBytes: number): Promise<boolean> {
    const { sizes } = this.#options
    const { grows } = request.routeOptions.config
    if (grows === undefined) return false
    if (grows === 'catalogues') return !(await sizes.areAllSmall())
    if (grows === 'body' && bodyBytes > mostSmallBody) return true
    const { id, site } = request.params as { readonly id?: string; readonly site?: string }
    if (site !== undefined) return !(await sizes.isSiteSmall(site))
    if (id === undefined) return !(await sizes.areAllSmall())
    return !(await sizes.isSmall(id)) || (resolvesFeeds(request) && !(await sizes.areFeedsSmall(id)))
  }

  /** Whether reads over all catalogues are answered on the loop. */
  areAllSmall(): Promise<boolean> {
    return this.#options.sizes.areAllSmall()
  }

  /**
   * Answers a request in a thread, for units.
   * @throws PortolanError `busy`, `deadline_exceeded`, `rate_limited`
   */
  async forward(
    request: FastifyRequest,
    reply: FastifyReply,
    body: Uint8Array | undefined,
    { mayPublish = request.method === 'PUT', paid = 0 }: { readonly mayPublish?: boolean; readonly paid?: number } = {}
  ): Promise<void> {
    this.#refuseUnsent()
    const { meter, context } = this.#options
    meter.chargeThread(request, reply, body?.byteLength ?? 0)
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const input = forwardedOf(this.#options, request, body)
    const threadWork = { signal: gone.signal, mayPublish }
    const found = await this.#answer(request, reply, input, threadWork)
    // What the client has was right when the thread looked. If it is about to end, the client gets the whole answer.
    const isOver = found.kind === 'prepared' && !found.body && isEnding(found.prepared.until, context.catalogues.now())
    const answer = isOver ? await this.#run(unconditional(input), threadWork) : found
    await this.#learn(answer, mayPublish)
    meter.settleThread(request, reply, answer.body?.byteLength ?? 0, Math.max(0, (answer.units ?? 0) - paid))
    this.#write(request, reply, answer, body)
  }

  /**
   * Answers in a thread what `POST /graphql` would. `request` opened the connection over which the operation came.
   * @throws PortolanError `busy`, `deadline_exceeded`
   */
  async ask(request: FastifyRequest, operation: AskedOperation): Promise<AskedAnswer> {
    this.#refuseUnsent()
    const { context, meter } = this.#options
    const { body, key, writeRefusal, mayPublish, paid } = operation
    const input: ForwardedRequest = {
      method: 'POST',
      url: '/graphql',
      headers: { accept: 'application/graphql-response+json', 'content-type': 'application/json' },
      body,
      base: baseOf(context, request),
      requestId: request.id,
      ...(key && { key }),
      ...refused(writeRefusal)
    }
    const answer = await this.#run(input, operation)
    await this.#learn(answer, mayPublish)
    if (answer.kind !== 'response') throw new Error('An operation was answered by what may be kept for others.')
    const { status, body: bytes } = answer
    meter.settleOperation(request, key, bytes.byteLength, Math.max(0, (answer.units ?? 0) - paid))
    return { status, body: bytes }
  }

  /** @throws PortolanError `busy` */
  #refuseUnsent(): void {
    if (this.#unsentBytes > mostUnsentBytes)
      throw new PortolanError('busy', 'Large answers wait for their clients to take them. Try again.')
  }

  /** Takes in what a thread wrote: it must be visible to the next read. */
  async #learn({ logged, conflicts }: ForwardedAnswer, mayPublish: boolean): Promise<void> {
    const { heads, logCounters } = this.#options.context.catalogues
    if (logged) logCounters.add(logged)
    if (conflicts !== undefined) logCounters.addConflicts(conflicts)
    if (logged || mayPublish) await heads.refresh()
  }

  async #answer(
    request: FastifyRequest,
    reply: FastifyReply,
    input: ForwardedRequest,
    work: ThreadWork
  ): Promise<ForwardedAnswer> {
    const { followers, context, meter } = this.#options
    const read = () => this.#run(input, work)
    const found = await read()
    const seconds = waitOf([request.headers.prefer].flat().join(','))
    if (!found.emptyPoll || seconds === 0) return found
    return waitOn(context, followers, request, reply, seconds, found, {
      read: () => {
        meter.settleRepeat(request, reply)
        return read()
      },
      isEmpty: ({ emptyPoll }) => emptyPoll !== undefined,
      seqOf: ({ emptyPoll }) => emptyPoll?.seq ?? 0,
      untilOf: ({ emptyPoll }) => emptyPoll?.until
    })
  }

  #run(input: ForwardedRequest, { signal, mayPublish }: ThreadWork): Promise<ForwardedAnswer> {
    const { work, deadlineMs } = this.#options
    const { method, url, headers, base, key } = input
    const isRead = method === 'GET' || method === 'HEAD'
    return work.run('request', input, {
      signal,
      ...(isRead && { shareAs: JSON.stringify([method, url, headers, base, key?.id]) }),
      deadlineMs: mayPublish ? publishFactor * deadlineMs : deadlineMs
    })
  }

  #write(request: FastifyRequest, reply: FastifyReply, answer: ForwardedAnswer, body: Uint8Array | undefined): void {
    const { context, hotPosts } = this.#options
    if (answer.kind === 'prepared') {
      const { prepared, body: bytes } = answer
      if (bytes) context.catalogues.cache.set(renderedBytes, prepared.bodyKey, bytes)
      this.#holdUntilSent(reply, bytes?.byteLength ?? 0)
      context.writer.write(request, reply, prepared, bytes)
      return
    }
    if (answer.kept && body && request.key?.catalogues === undefined)
      hotPosts.remember(request.raw, Buffer.from(body), answer.kept)
    const { buffer, byteOffset, byteLength } = answer.body
    this.#holdUntilSent(reply, byteLength)
    reply.code(answer.status).headers(answer.headers)
    // Fastify gives an empty Buffer a content type.
    reply.send(byteLength === 0 ? undefined : Buffer.from(buffer, byteOffset, byteLength))
  }

  /** Counts the bytes of an answer as unsent until its client has them or has left. */
  #holdUntilSent(reply: FastifyReply, bytes: number): void {
    if (reply.raw.destroyed) return
    this.#unsentBytes += bytes
    reply.raw.once('close', () => {
      this.#unsentBytes -= bytes
    })
  }
}

/** The header fields that an answer may depend on. */
const usedHeaders = [
  'accept',
  'accept-encoding',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'prefer'
] as const

function forwardedOf(
  { context, gate }: Pick<ForwarderOptions, 'context' | 'gate'>,
  request: FastifyRequest,
  body: Uint8Array | undefined
): ForwardedRequest {
  const headers = usedHeaders.flatMap((name) => {
    const value = request.headers[name]
    return value === undefined ? [] : [[name, [value].flat().join(', ')]]
  })
  return {
    method: request.method,
    url: request.url,
    headers: Object.fromEntries(headers),
    ...(body && { body }),
    base: baseOf(context, request),
    requestId: request.id,
    ...(request.key && { key: request.key }),
    ...refused(gate.writeRefusal(request))
  }
}

/** The same request of a client that has nothing. */
function unconditional({ headers, ...request }: ForwardedRequest): ForwardedRequest {
  const { 'if-none-match': _, 'if-modified-since': __, ...others } = headers
  return { ...request, headers: others }
}

function refused(refusal: PortolanError | undefined): Pick<ForwardedRequest, 'writeRefusal'> {
  return refusal ? { writeRefusal: { code: refusal.code, detail: refusal.message } } : {}
}

/** Whether a request asks for the rows of feeds. Its query is not validated yet. */
function resolvesFeeds({ query, routeOptions }: FastifyRequest): boolean {
  const { resolve } = query as { readonly resolve?: unknown }
  return resolve === undefined ? routeOptions.config.resolvesFeeds === true : resolve === 'feeds'
}
