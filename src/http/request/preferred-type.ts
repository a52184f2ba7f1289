import type { FastifyRequest } from 'fastify'
import Negotiator from 'negotiator'

/** Which of the media types that there are a client likes best (RFC 9110 section 12.5.1); undefined where it takes none of them. */
export function preferredType<Type extends string>(
  { headers }: Pick<FastifyRequest, 'headers'>,
  types: readonly Type[]
): Type | undefined {
  const liked = new Negotiator({ headers: { ...headers } }).mediaType([...types])
  return types.find((type) => type === liked)
}

/** Whether a client takes gzip: it is listed, or `*`, with a quality above 0. RFC 9110 section 12.5.3. */
export function acceptsGzip({ headers }: Pick<FastifyRequest, 'headers'>): boolean {
  // Without the field Negotiator takes any encoding to be welcome, and many clients that send none can read none.
  if (headers['accept-encoding'] === undefined) return false
  return new Negotiator({ headers: { ...headers } }).encodings(['gzip']).length > 0
}
