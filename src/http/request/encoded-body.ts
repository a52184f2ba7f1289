import type { FastifyReply, FastifyRequest, RequestPayload } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'

/** Refuses a body with a content encoding: decompressed it could be a thousand times as large. RFC 9110 section 12.5.3. */
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
  const detail = `A body in the encoding ${encoding} is not accepted: send it without a content encoding.`
  done(new PortolanError('unsupported_media_type', detail))
}
