import { strict as assert } from 'node:assert'
import { createClient } from 'graphql-sse'
import { type Check, checksOf } from './check.ts'

/** GraphQL over server-sent events, a connection for each operation. */
export function streamChecks(service: string): readonly Check[] {
  const client = () => createClient({ url: `${service}/graphql/stream`, singleConnection: false })
  return checksOf('graphql-sse', {
    'its client reads the log as a subscription': async () => {
      const streaming = client()
      const seen: unknown[] = []
      for await (const { data } of streaming.iterate({ query: 'subscription { events(after: 1) { seq } }' })) {
        seen.push(data)
        break
      }
      streaming.dispose()
      assert.deepEqual(seen, [{ events: { seq: 2 } }])
    },
    'its client reads a query to its end': async () => {
      const streaming = client()
      const seen: unknown[] = []
      for await (const { data } of streaming.iterate({ query: '{ node(id: "none") { id } }' })) seen.push(data)
      streaming.dispose()
      assert.deepEqual(seen, [{ node: null }])
    }
  })
}
