import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest, preParsingAsyncHookHandler, RequestPayload } from 'fastify'
import { PortolanError } from '../../domain/errors.ts'
import type { Forwarder } from './forwarder.ts'

/**
 * Hands costly requests over before their bodies are parsed: parsing is a part of what they cost. A request that is not costly goes on with
 * its body as it came.
 */
export function forwardHook(forwarder: Forwarder): preParsingAsyncHookHandler {
  return async (request: FastifyRequest, reply: FastifyReply, payload: RequestPayload) => {
    if (request.routeOptions.config.grows === undefined) return payload
    const length = Number(request.headers['content-length'] ?? 0)
    const hasBody = length > 0 || request.headers['transfer-encoding'] !== undefined
    const limit = request.routeOptions.config.largestBody ?? request.routeOptions.bodyLimit
    // A body that is too large is refused by its length alone.
    if (length > limit) return payload
    const body = hasBody ? await readBytes(payload, limit) : undefined
    if (await forwarder.isCostly(request, body?.byteLength ?? 0)) {
      await forwarder.forward(request, reply, body)
      return Readable.from([])
    }
    return body ? Readable.from([body]) : payload
  }
}

async function readBytes(payload: RequestPayload, limit: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of payload) {
    const bytes = Buffer.from(chunk)
    size += bytes.byteLength
    if (size > limit) throw new PortolanError('body_too_large', 'The body is larger than this operation takes.')
    chunks.push(bytes)
  }
  return Buffer.concat(chunks)
}
