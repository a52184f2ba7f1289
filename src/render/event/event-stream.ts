import type { LoggedEvent } from '../../domain/event/event.ts'

/** An event as a server-sent event. WHATWG HTML, section 9.2. */
export function streamedEvent({ seq, type }: LoggedEvent, json: object): string {
  // JSON.stringify writes no line breaks.
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(json)}\n\n`
}

/** A comment. Clients ignore it, and proxies see that the connection is alive. */
export const heartbeat = ':\n\n'
