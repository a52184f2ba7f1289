import type { FastifyReply, FastifyRequest } from 'fastify'

/**
 * Tells an answer that stands behind another one on its connection (RFC 9112 section 9.3.2) when that connection closes. Node tells only the
 * one in front, so the others would hold what they hold, and be worked on, for nobody.
 */
export function watchQueuedAnswer({ raw: { socket } }: FastifyRequest, { raw }: FastifyReply): void {
  // The answer in front has the connection.
  if (raw.socket) return
  const tell = () => {
    raw.destroy()
    raw.emit('close')
  }
  socket.once('close', tell)
  raw.once('close', () => socket.off('close', tell))
}
