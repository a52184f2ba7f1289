import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

/** Whether a client names `text/html`, and would rather have it than JSON. `*` means a program, which gets JSON. */
export function prefersHtml({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  if (!headers.accept?.includes('text/html')) return false
  const json = ['application/problem+json', 'application/json']
  return new Negotiator({ headers: { accept: headers.accept } }).mediaType(['text/html', ...json]) === 'text/html'
}
