import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Slot } from '../../catalogue/cache.ts'
import type { Catalogues } from '../../catalogue/catalogues.ts'
import { securityHeaders } from './headers.ts'
import { HotAnswers, isStillRight, type ValidInterval } from './hot-answers.ts'

/** The answer to a POST that changes nothing. */
export interface PostAnswer extends ValidInterval {
  readonly bytes: Uint8Array
  readonly contentType: string
}

const postAnswers: Slot<PostAnswer> = { name: 'post', bytes: ({ bytes }) => bytes.byteLength }

/** What is longer is not looked into before its turn. */
const peekedBytes = 65_536

const head = ['cache-control', 'no-store', 'vary', 'accept', ...Object.entries(securityHeaders).flat()]

/** The hot answers to requests with a body: the same bytes, asked for in the same way, are answered as they were. */
export class HotPosts {
  readonly #catalogues: Catalogues
  readonly #hot: HotAnswers

  /** `hot` counts them, and knows when the service drains. */
  constructor(catalogues: Catalogues, hot: HotAnswers) {
    this.#catalogues = catalogues
    this.#hot = hot
  }

  static keyOf(request: IncomingMessage, body: Buffer): string {
    const { 'content-type': type = '', 'content-encoding': encoding = '' } = request.headers
    return `${HotAnswers.keyOf(request)}\n${type}\n${encoding}\n${body.toString('latin1')}`
  }

  remember(request: IncomingMessage, body: Buffer, answer: PostAnswer): void {
    this.#catalogues.cache.set(postAnswers, HotPosts.keyOf(request, body), answer)
  }

  /** Writes the answer and says so, if there is one that is still right. */
  serve(request: IncomingMessage, response: ServerResponse, body: Buffer): boolean {
    if (this.#hot.isDraining) return false
    const answer = this.#catalogues.cache.get(postAnswers, HotPosts.keyOf(request, body))
    if (!answer || !isStillRight(answer, this.#catalogues, this.#catalogues.now())) return false
    this.#hot.served += 1
    const { bytes, contentType } = answer
    response.writeHead(200, ['content-type', contentType, 'content-length', String(bytes.byteLength), ...head])
    response.end(bytes)
    return true
  }

  /** The same in front of Fastify: `pass` is called for a request that has no such answer, its body still to be read. */
  serveUnread(request: IncomingMessage, response: ServerResponse, pass: () => void): void {
    const length = Number(request.headers['content-length'])
    if (!(length > 0 && length <= peekedBytes)) {
      pass()
      return
    }
    // Once what came with the head can be read.
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
