import type { FastifyReply } from 'fastify'

/** Answers with JSON that no cache may keep, since it changes all the time or is for one client alone. */
export function sendFresh(reply: FastifyReply, body: unknown, status = 200): FastifyReply {
  return reply
    .code(status)
    .header('cache-control', 'no-store')
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(body))
}
