import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

/** YAML, with the other names that RFC 9512 section 2.1 lists. */
export const yamlTypes = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml'] as const

/** The media type that a client prefers among `types` (RFC 9110 section 12.5.1); undefined if it accepts none of them. */
export function preferredType<Type extends string>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  types: readonly Type[]
): Type | undefined {
  const preferred = new Negotiator({ headers: { ...headers } }).mediaType([...types])
  return types.find((type) => type === preferred)
}

/** Whether a client accepts gzip: it lists `gzip` or `*` with a quality above 0. RFC 9110 section 12.5.3. */
export function acceptsGzip({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  // Without the field Negotiator accepts any encoding, but many clients that do not send it can decode none.
  if (headers['accept-encoding'] === undefined) return false
  return new Negotiator({ headers: { ...headers } }).encodings(['gzip']).length > 0
}
