import { once } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventStream, Pace } from '../../catalogue/event/followers.ts'
import { heartbeat } from '../../render/event/event-stream.ts'
import { securityHeaders } from './headers.ts'

/** How long a client has, when a stream ends, to take what was written. */
const lastBytesMs = 1000

/** Begins to answer with server-sent events: WHATWG HTML, section 9.2. While nothing is sent, a comment now and then keeps the connection alive. */
export function openStream(
  request: FastifyRequest,
  reply: FastifyReply,
  { heartbeatMs, patienceMs }: Pace,
  headers: Readonly<Record<string, string>> = {}
): EventStream {
  const { raw } = reply
  reply.hijack()
  raw.writeHead(200, {
    ...securityHeaders,
    'content-type': 'text/event-stream',
    // It ends when the service does, which then waits for no connection.
    connection: 'close',
    'cache-control': 'no-store',
    // Proxies of the nginx kind would keep events back.
    'x-accel-buffering': 'no',
    'x-request-id': request.id,
    ...headers
  })
  // A client hears that it is connected before the first event.
  raw.flushHeaders()
  const gone = new AbortController()
  const beat = setTimeout(() => void send(heartbeat).catch(() => {}), heartbeatMs)
  raw.once('close', () => {
    clearTimeout(beat)
    gone.abort()
  })
  async function send(text: string): Promise<void> {
    gone.signal.throwIfAborted()
    beat.refresh()
    if (raw.write(text)) return
    const impatient = setTimeout(() => raw.destroy(), patienceMs)
    await once(raw, 'drain', { signal: gone.signal }).finally(() => clearTimeout(impatient))
  }
  return {
    signal: gone.signal,
    send,
    end() {
      clearTimeout(beat)
      raw.end()
      setTimeout(() => raw.destroy(), lastBytesMs).unref()
    },
    abort: () => raw.destroy()
  }
}
