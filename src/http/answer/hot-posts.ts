import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Slot } from '../../catalogue/cache.ts'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { securityHeaders } from './headers.ts'
import { asksForMore, type HotAnswers, isStillValid, type ValidInterval } from './hot-answers.ts'

/** The answer to a POST that changes nothing. */
export interface PostAnswer extends ValidInterval {
  readonly bytes: Uint8Array
  readonly contentType: string
}

const postAnswers: Slot<PostAnswer> = { name: 'post', bytes: ({ bytes }) => bytes.byteLength }

/** The most bytes of a body that is read before Fastify sees the request. */
const peekedBytes = 65_536

/** Hot answers to requests with a body: the same bytes with the same header fields get the same answer. */
export class HotPosts {
  readonly #catalogues: Catalogues
  readonly #hotAnswers: HotAnswers
  readonly #head: readonly string[]

  /** `hotAnswers` counts what is served, and knows when the service drains. */
  constructor(catalogues: Catalogues, hotAnswers: HotAnswers) {
    this.#catalogues = catalogues
    this.#hotAnswers = hotAnswers
    const vary = hotAnswers.variesByOrigin ? 'accept, origin' : 'accept'
    this.#head = ['cache-control', 'no-store', 'vary', vary, ...Object.entries(securityHeaders).flat()]
  }

  #keyOf(request: IncomingMessage, body: Buffer): string {
    const { 'content-type': type = '', 'content-encoding': encoding = '' } = request.headers
    return `${this.#hotAnswers.keyOf(request)}\n${type}\n${encoding}\n${body.toString('latin1')}`
  }

  remember(request: IncomingMessage, body: Buffer, answer: PostAnswer): void {
    this.#catalogues.cache.set(postAnswers, this.#keyOf(request, body), answer)
  }

  /** Writes the answer and returns true, if there is one that is still valid. */
  serve(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
    if (this.#hotAnswers.isDraining || asksForMore(request)) return false
    const answer = this.#catalogues.cache.get(postAnswers, this.#keyOf(request, body))
    if (!answer || !isStillValid(answer, this.#catalogues, this.#catalogues.now())) return false
    this.#hotAnswers.served += 1
    const { bytes, contentType } = answer
    response.writeHead(200, ['content-type', contentType, 'content-length', String(bytes.byteLength), ...this.#head])
    response.end(bytes)
    return true
  }

  /** Does the same in front of Fastify. `pass` is called for a request that has no such answer; its body can still be read. */
  serveUnread(request: IncomingMessage, response: ServerResponse, pass: () => void): void {
    const length = Number(request.headers['content-length'])
    if (!(length > 0 && length <= peekedBytes)) {
      pass()
      return
    }
    // The event comes when the bytes that arrived with the head can be read.
    request.once('readable', () => {
      const body: Buffer | null = request.read()
      if (body?.byteLength === length && this.serve(request, response, body)) {
        request.resume()
        return
      }
      if (body) request.unshift(body)
      pass()
    })
  }
}
