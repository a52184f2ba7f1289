import { strict as assert } from 'node:assert'
import { readFileSync } from 'node:fs'
import { type Check, checksOf } from './check.ts'
import { createClient } from './generated/genql/index.ts'
import type { CatalogueQuery, CatalogueQueryVariables } from './generated/operations.ts'

const id = 'clearswift-exchange-gateway-4.8'

/** Reads with what was generated: a field that the schema does not have would not compile. */
export function readChecks(service: string): readonly Check[] {
  return [
    ...checksOf('graphql-codegen', {
      'reads a catalogue with its types': async () => {
        const query = readFileSync(new URL('../../schema/documents/catalogue.graphql', import.meta.url), 'utf8')
        const variables: CatalogueQueryVariables = { id, asOf: 'label:2.3', effectiveAt: '2018-11-01T00:00:00Z' }
        const answer = await fetch(`${service}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ query, variables })
        })
        const { data }: { readonly data: CatalogueQuery } = await answer.json()
        const updates = data.catalogue?.requirements.nodes.find(({ key }) => key === 'sophos-av-updates')
        assert.equal(data.catalogue?.validUntil, '2018-11-22T00:00:00Z')
        assert.equal(updates?.endpoints.filter(({ status }) => status === 'retiring').length, 6)
      }
    }),
    ...checksOf('genql', {
      'reads a catalogue with its client': async () => {
        const client = createClient({ url: `${service}/graphql` })
        const { catalogue } = await client.query({
          catalogue: {
            __args: { id, effectiveAt: '2018-12-01T00:00:00Z' },
            title: true,
            requirement: { __args: { key: 'rss-feed' }, portsText: true, endpoints: { value: true } }
          }
        })
        assert.equal(catalogue?.requirement?.portsText, '80')
        assert.deepEqual(
          catalogue.requirement.endpoints.map(({ value }) => value),
          ['www.clearswift.com', '185.181.126.115']
        )
      }
    })
  ]
}
