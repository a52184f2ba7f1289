import { readFileSync } from 'node:fs'
import fastify from 'fastify'

/**
 * The baseline of `hot-reads`: Fastify with one route that sends the same bytes as the service. No plugins, no log.
 * Arguments: port, kind of answer, a file with the body, its ETag.
 */
const [, , port, mode, file = '', etag = ''] = process.argv
const body = readFileSync(file)
const contentType = 'application/json; charset=utf-8'
const app = fastify({ logger: false })

if (mode === '304') {
  app.get('/', (request, reply) => {
    if (request.headers['if-none-match'] === etag) return reply.code(304).send()
    return reply.type(contentType).send(body)
  })
} else if (mode === 'gzip') {
  app.get('/', (_request, reply) => reply.header('content-encoding', 'gzip').type(contentType).send(body))
} else {
  app.get('/', (_request, reply) => reply.type(contentType).send(body))
}
await app.listen({ host: '127.0.0.1', port: Number(port) })
