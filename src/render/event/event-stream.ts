import type { LoggedEvent } from '../../domain/event/event.ts'

/** An event as one of a stream of server-sent events. WHATWG HTML, section 9.2. */
export function streamedEvent({ seq, type }: LoggedEvent, json: object): string {
  // JSON as it is written here has no line breaks.
  return `id: ${seq}\nevent: ${type}\ndata: ${JSON.stringify(json)}\n\n`
}

/** A comment: nothing to who reads, and a sign of life to what lies between. */
export const heartbeat = ':\n\n'
