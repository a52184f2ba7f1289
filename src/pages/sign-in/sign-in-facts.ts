import type { FastifyRequest } from 'fastify'
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
    needsTls: !request.client.isSecure && !isLoopback(request.client.host)
  }
}

/** Browsers keep a `Secure` cookie over plain HTTP from these hosts alone. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|[\w.-]+\.localhost|127(?:\.\d+){3}|\[::1\])(?::\d+)?$/.test(host)
}
