import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import type { Announce } from './announcement.ts'
import type { HotAnswers } from './hot-answers.ts'
import type { HotPosts } from './hot-posts.ts'

/**
 * How long a client may take, in milliseconds: for its header fields, for a whole request, and between two requests; and how often that is
 * looked at.
 */
const timeouts = {
  headersTimeout: 15_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 72_000,
  connectionsCheckingInterval: 5000
} as const

/** The gate judges what Node would refuse without a problem, or take the first of without a word. */
const strictness = { requireHostHeader: false, joinDuplicateHeaders: true } as const

export interface HotServerOptions {
  readonly hotAnswers: HotAnswers
  readonly hotPosts: HotPosts
  readonly isPublic: boolean
  readonly announce: Announce | undefined
  /** Absent: connections are not encrypted. */
  readonly tls?: TlsOptions
}

/**
 * The server in front of Fastify. If reads are public, it gives a kept answer that is still valid. Every other request, and every request
 * with a key, goes to `handle`.
 */
export function hotServer({ hotAnswers, hotPosts, isPublic, announce, tls }: HotServerOptions) {
  return (handle: RequestListener): Server => {
    const answer: RequestListener = (request, response) => {
      const isOpen = isPublic && request.headers.authorization === undefined
      if (isOpen) announce?.(request, response)
      if (isOpen && request.method === 'POST' && request.url === '/graphql')
        return hotPosts.serveUnread(request, response, () => handle(request, response))
      if (!(isOpen && hotAnswers.serve(request, response))) handle(request, response)
    }
    const options = { ...timeouts, ...strictness }
    const server = tls ? createTlsServer({ ...options, ...tls }, answer) : createServer(options, answer)
    return server.on('checkExpectation', handle)
  }
}
