import { readFileSync } from 'node:fs'
import { documentHash } from '../src/graphql/operation/operation.ts'
import type { ExampleRequest } from './example-requests.ts'

const id = 'clearswift-exchange-gateway-4.8'
const trusted = readFileSync(new URL('../schema/documents/catalogue.graphql', import.meta.url), 'utf8')
const query = '{ catalogue(id: "clearswift-exchange-gateway-4.8") { title revision { label } validUntil } }'
const post = { operation: 'postGraphql', method: 'POST', url: '/graphql' } as const
const strictly = { headers: { accept: 'application/graphql-response+json' } }
const parameters = new URLSearchParams({
  documentId: `sha256:${documentHash(trusted)}`,
  variables: JSON.stringify({ id, filter: { key: { eq: 'rss-feed' } } })
})
const get = { operation: 'getGraphql', url: `/graphql?${parameters}` } as const

/** Requests to GraphQL about the catalogues of the repository. */
export const graphqlRequests: readonly ExampleRequest[] = [
  { ...post, name: 'catalogue', summary: 'A catalogue, now', body: { query } },
  {
    ...post,
    headers: { accept: 'text/event-stream' },
    name: 'asEvents',
    summary: 'The same as server-sent events',
    body: { query }
  },
  {
    ...post,
    ...strictly,
    name: 'withItsMediaType',
    summary: 'The same operation, with the media type of GraphQL',
    body: { query }
  },
  {
    ...post,
    name: 'partly',
    summary: 'Data for what exists, and an error for what does not',
    body: { query: '{ formats { name } catalogue(id: "none") { title } }' }
  },
  {
    ...post,
    ...strictly,
    name: 'misspelt',
    summary: 'A field that does not exist',
    body: { query: '{ catalogue(id: "x") { titel } }' }
  },
  {
    ...post,
    name: 'unknownDocument',
    summary: 'No trusted document has that hash',
    body: { documentId: `sha256:${'0'.repeat(64)}` }
  },
  { ...get, name: 'trusted', summary: 'A trusted document, by its hash' },
  { ...get, ...strictly, name: 'trusted', summary: 'The same operation, with the media type of GraphQL' }
]
