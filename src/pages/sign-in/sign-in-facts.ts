import type { FastifyRequest } from 'fastify'
import { isLoopback } from '../../domain/network/loopback.ts'
import type { Problem } from '../../http/schema/problem.ts'

/** What the page says that asks for a key: whether one was refused, where its form leads, and whether a browser would keep the key. */
export function signInFacts(request: FastifyRequest, problem: Problem) {
  return {
    title: 'A key is needed',
    refusal:
      request.url.startsWith('/sign-in') || request.headers.cookie?.includes('portolan-key=')
        ? problem.detail
        : undefined,
    next: request.method === 'GET' ? `${request.client.path}${request.url}` : '',
    // Browsers keep a `Secure` cookie over plain HTTP from the machine itself alone.
    needsTls: !request.client.isSecure && !isLoopback(request.client.host)
  }
}
