import { strict as assert } from 'node:assert'
import { composeServices } from '@apollo/composition'
import { parse } from 'graphql'
import { type Check, checksOf } from './check.ts'

/** What a CMDB adds to a catalogue in a graph of its own. */
const cmdb = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.3", import: ["@key", "@shareable"])
  type Query { sites: [Site!]! }
  type Site @key(fields: "name") { name: String!, catalogues: [Catalogue!]! }
  type Catalogue @key(fields: "id") { id: ID!, sites: [Site!]! }
  type PageInfo @shareable { hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String, endCursor: String }
`

export function federationChecks(service: string): readonly Check[] {
  const ask = async (query: string) => {
    const answer = await fetch(`${service}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query })
    })
    return (await answer.json()).data
  }
  return checksOf('@apollo/composition', {
    'composes what _service answers with a subgraph that extends Catalogue': async () => {
      const { _service } = await ask('{ _service { sdl } }')
      const { errors, supergraphSdl } = composeServices([
        { name: 'portolan', url: `${service}/graphql`, typeDefs: parse(_service.sdl) },
        { name: 'cmdb', url: 'https://cmdb.example/graphql', typeDefs: parse(cmdb) }
      ])
      assert.deepEqual(errors?.map(({ message }) => message) ?? [], [])
      assert.match(
        String(supergraphSdl),
        /type Catalogue implements Node\s+@join__implements[^{]*graph: CMDB, key: "id"/
      )
    },
    'resolves an entity of it': async () => {
      const { _entities } = await ask(
        '{ _entities(representations: [{ __typename: "Catalogue", id: "clearswift-exchange-gateway-4.8" }]) { ... on Catalogue { vendor } } }'
      )
      assert.deepEqual(_entities, [{ vendor: 'Clearswift' }])
    }
  })
}
