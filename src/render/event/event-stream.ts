import type { LoggedEvent } from '../../domain/event/event.ts'

/** An event as a server-sent event. WHATWG HTML, section 9.2. */
export function streamedEvent({ seq, type }: LoggedEvent, json: object): string {
  // JSON.stringify writes no line breaks.
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(json)}\n\n`
}

/** A comment. Clients ignore it, and proxies see that the connection is alive. */
export const heartbeat = ':\n\n'

/** The last event of a stream whose key was revoked or has expired. It has no `id`, so a client that comes back begins where it was. */
export const revokedEvent = `event: revoked\ndata: ${JSON.stringify({ code: 'unauthorized', detail: 'The key was revoked or has expired.' })}\n\n`
