import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'

/** Bodies come as they are: a compressed one could be a thousand times what it seems. RFC 9110 section 12.5.3. */
export function refuseEncodedBody(
  { headers }: FastifyRequest,
  reply: FastifyReply,
  _payload: RequestPayload,
  done: (error?: Error) => void
): void {
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') {
    done()
    return
  }
  reply.header('accept-encoding', 'identity')
  const detail = `Bodies are not read in the encoding ${encoding}: send it as it is.`
  done(new PortolanError('unsupported_media_type', detail))
}
