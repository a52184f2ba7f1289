import { once } from 'node:events'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { EventStream, Pace } from '../../catalogue/event/followers.ts'
import { heartbeat } from '../../render/event/event-stream.ts'
import { securityHeaders } from './headers.ts'

/** How many milliseconds a client has after the end of a stream to read what was written. */
const lastBytesMs = 1000

/** Begins an answer of server-sent events, WHATWG HTML section 9.2. While nothing is sent, comments keep the connection alive. */
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
    // The stream ends when the service stops, which then waits for no connection.
    connection: 'close',
    'cache-control': 'no-store',
    // nginx would buffer the events.
    'x-accel-buffering': 'no',
    'x-request-id': request.id,
    ...headers
  })
  // The client learns that it is connected before the first event comes.
  raw.flushHeaders()
  const gone = new AbortController()
  const beat = setTimeout(() => void send(heartbeat).catch(() => {}), heartbeatMs)
  const leave = () => {
    clearTimeout(beat)
    gone.abort()
  }
  // A client that has gone before its stream began says so no more.
  if (raw.destroyed) leave()
  else raw.once('close', leave)
  async function send(text: string): Promise<void> {
    // After the end nothing may be written.
    gone.signal.throwIfAborted()
    beat.refresh()
    if (raw.write(text)) return
    const impatient = setTimeout(() => raw.destroy(), patienceMs)
    await once(raw, 'drain', { signal: gone.signal }).finally(() => clearTimeout(impatient))
  }
  return {
    signal: gone.signal,
    send,
    end(last) {
      if (raw.writableEnded) return
      clearTimeout(beat)
      raw.end(last)
      gone.abort()
      setTimeout(() => raw.destroy(), lastBytesMs).unref()
    },
    abort() {
      if (!raw.writableEnded) raw.destroy()
    }
  }
}
