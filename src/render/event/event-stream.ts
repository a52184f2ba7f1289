import type { LoggedEvent } from '../../domain/event/event.ts'
import { writeLogPlace } from '../../domain/event/log-place.ts'

interface Streaming {
  readonly epoch: string
  /** The event bears its type. Without one, `onmessage` of a browser hears it. */
  readonly isNamed: boolean
}

/** An event as a server-sent event. WHATWG HTML, section 9.2. */
export function streamedEvent({ seq, type }: LoggedEvent, json: object, { epoch, isNamed }: Streaming): string {
  const name = isNamed ? `event: ${type}\n` : ''
  // JSON.stringify writes no line breaks.
  return `id: ${writeLogPlace(epoch, seq)}\n${name}data: ${JSON.stringify(json)}\n\n`
}

/** Tells a client that its place is of another store, where the log ends, and that all events follow. Its id is where a client begins again. */
export function resetEvent(epoch: string, seq: number): string {
  return `id: ${writeLogPlace(epoch, 0)}\nevent: reset\ndata: ${JSON.stringify({ epoch, seq })}\n\n`
}

/** A comment. Clients ignore it, and proxies see that the connection is alive. */
export const heartbeat = ':\n\n'

/** The last event of a stream whose key was revoked or has expired. It has no `id`, so a client that comes back begins where it was. */
export const revokedEvent = `event: revoked\ndata: ${JSON.stringify({ code: 'unauthorized', detail: 'The key was revoked or has expired.' })}\n\n`
