import Negotiator from 'negotiator'

const offered = ['application/json', 'application/graphql-response+json'] as const
export type MediaType = (typeof offered)[number]

/** What an answer is written as; undefined: the client takes neither. GraphQL over HTTP, section 6.2. */
export function mediaTypeFor(accept: string | undefined): MediaType | undefined {
  // What nearly every client sends is known without a look at the grammar.
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return 'application/json'
  const liked = new Negotiator({ headers: { accept } }).mediaType([...offered])
  return offered.find((type) => type === liked)
}
