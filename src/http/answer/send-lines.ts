import { Readable } from 'node:stream'
import { createGzip } from 'node:zlib'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { gzipTag, isNotModified } from '../../domain/read/etag.ts'
import { acceptsGzip } from '../request/preferred-type.ts'

const chunkLength = 65_536

export interface LinesAnswer {
  readonly tag: string
  readonly headers: Readonly<Record<string, string>>
  /** JSON texts without line ends. If reading them fails, the answer breaks off: only its last line shows that it is complete. */
  readonly lines: AsyncIterable<string>
  /** The clock changes the answer at once, so that nobody is told to keep theirs. */
  readonly isEnding: boolean
}

/** Answers with `application/x-ndjson` line by line at the speed of the client. It is never held in memory as a whole. */
export function sendLines(
  request: FastifyRequest,
  reply: FastifyReply,
  { tag, headers, lines, isEnding }: LinesAnswer
): FastifyReply {
  const isGzip = acceptsGzip(request)
  const etag = `"${isGzip ? gzipTag(tag) : tag}"`
  reply.headers({ ...headers, etag })
  if (!isEnding && isNotModified(request.headers['if-none-match'], etag)) return reply.code(304).send()
  reply.header('content-type', 'application/x-ndjson; charset=utf-8')
  if (isGzip) reply.header('content-encoding', 'gzip')
  if (request.method === 'HEAD') return reply.send('')
  const source = Readable.from(chunks(lines), { objectMode: false, highWaterMark: chunkLength })
  if (!isGzip) return reply.send(source)
  const packed = createGzip()
  source.on('error', (error) => packed.destroy(error))
  packed.on('close', () => source.destroy())
  return reply.send(source.pipe(packed))
}

/** Joins lines until they are worth a write. */
async function* chunks(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let chunk = ''
  for await (const line of lines) {
    chunk += `${line}\n`
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}
