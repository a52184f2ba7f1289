import { strict as assert } from 'node:assert'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core'
import { Client, fetchExchange } from '@urql/core'
import { cacheExchange, type KeyingConfig } from '@urql/exchange-graphcache'
import { type Check, checksOf } from './check.ts'
import { keyOf } from './schema.ts'

const query = gql`
  query ($effectiveAt: DateTime!) {
    catalogue(id: "clearswift-exchange-gateway-4.8", effectiveAt: $effectiveAt) {
      id
      pin
      requirement(key: "sophos-av-updates") {
        id
        pin
        endpoints(filter: { status: { in: [planned, active, retiring, retired] }, kind: { in: [address] } }) {
          id
          pin
          value
          status
        }
      }
    }
  }
`
interface Answer {
  readonly catalogue: {
    readonly requirement: { readonly endpoints: readonly { readonly value: string; readonly status: string }[] }
  }
}

/** Before the retirement of the old mirrors, and after it. */
const november = { effectiveAt: '2018-11-01T00:00:00Z' }
const december = { effectiveAt: '2018-12-01T00:00:00Z' }

/** How many endpoints have which status. */
function statuses(answer: Answer | undefined): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { status } of answer?.catalogue.requirement.endpoints ?? []) counts[status] = (counts[status] ?? 0) + 1
  return counts
}

function isRight(first: Answer | undefined, second: Answer | undefined): void {
  assert.deepEqual(statuses(first), { active: 4, retiring: 6 })
  assert.deepEqual(statuses(second), { active: 4, retired: 6 })
}

/** Two normalising caches read the same objects at two times, and keep them apart. */
export function cacheChecks(service: string): readonly Check[] {
  const url = `${service}/graphql`
  return [
    ...checksOf('@apollo/client', {
      'keeps two times of one catalogue apart by pin': async () => {
        const typePolicies = Object.entries(keyOf).map(([type, key]) => [
          type,
          key === 'pin' ? { keyFields: ['pin'] } : {}
        ])
        isRight(...(await apollo(url, new InMemoryCache({ typePolicies: Object.fromEntries(typePolicies) }))))
      },
      'mixes them up by id: the check above can fail': async () => {
        const read = await apollo(url, new InMemoryCache())
        assert.throws(() => isRight(...read))
      }
    }),
    ...checksOf('@urql/exchange-graphcache', {
      'keeps two times of one catalogue apart by pin': async () => {
        const keys = Object.entries(keyOf).map(([type, key]) => [type, keyed(key)])
        isRight(...(await urql(url, Object.fromEntries(keys))))
      },
      'mixes them up by id: the check above can fail': async () => {
        const read = await urql(url, {})
        assert.throws(() => isRight(...read))
      }
    })
  ]
}

type Read = readonly [Answer | undefined, Answer | undefined]

/** Asks for both, and then reads both of what the cache holds. */
async function apollo(uri: string, cache: InMemoryCache): Promise<Read> {
  const client = new ApolloClient({ link: new HttpLink({ uri, fetch }), cache })
  for (const variables of [november, december]) await client.query<Answer>({ query, variables })
  const read = async (variables: object) =>
    (await client.query<Answer>({ query, variables, fetchPolicy: 'cache-only' })).data
  const both = [await read(november), await read(december)] as const
  client.stop()
  return both
}

async function urql(url: string, keys: KeyingConfig): Promise<Read> {
  const client = new Client({ url, preferGetMethod: false, exchanges: [cacheExchange({ keys }), fetchExchange] })
  for (const variables of [november, december]) {
    const { error } = await client.query<Answer>(query, variables)
    assert.equal(error, undefined)
  }
  const read = async (variables: object) =>
    (await client.query<Answer>(query, variables, { requestPolicy: 'cache-only' })).data
  return [await read(november), await read(december)]
}

function keyed(key: 'pin' | 'id' | undefined): KeyingConfig[string] {
  return (object) => (key === undefined ? null : String(object[key]))
}
