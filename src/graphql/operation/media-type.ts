import Negotiator from 'negotiator'

const offered = ['application/json', 'application/graphql-response+json'] as const
export type MediaType = (typeof offered)[number]

/** Whether a client takes the answer as server-sent events, as clients of graphql-sse do. */
export function takesStream(accept: string): boolean {
  return new Negotiator({ headers: { accept } }).mediaType(['text/event-stream']) !== undefined
}

/** The media type of an answer; undefined: the client takes neither. GraphQL over HTTP, section 6.2. */
export function mediaTypeFor(accept: string | undefined): MediaType | undefined {
  // Nearly every client sends one of these, and they need no parser.
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return 'application/json'
  const preferred = new Negotiator({ headers: { accept } }).mediaType([...offered])
  return offered.find((type) => type === preferred)
}
