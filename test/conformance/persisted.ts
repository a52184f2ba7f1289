import { strict as assert } from 'node:assert'
import { createHash } from 'node:crypto'
import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client/core'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { Client, fetchExchange } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { type Check, checksOf } from './check.ts'

const query = gql`
  query Persisted {
    catalogue(id: "clearswift-exchange-gateway-4.8") {
      title
    }
  }
`
const title = 'Clearswift SECURE Exchange Gateway 4.8: Ports and Protocols'
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** Asks the network, and keeps what was sent: the method, and whether it had the text of the operation, and its hash. */
function watched(): { readonly sent: string[]; readonly fetch: typeof fetch } {
  const sent: string[] = []
  return {
    sent,
    fetch: (url, init) => {
      const { body } = init ?? {}
      const asked = body ? JSON.parse(String(body)) : Object.fromEntries(new URL(String(url)).searchParams)
      sent.push(`${init?.method}, ${asked.query ? 'text' : 'no text'}, ${asked.extensions ? 'hash' : 'no hash'}`)
      return fetch(url, init)
    }
  }
}

/** Clients first send the hash of an operation alone. They send the text next where the error says exactly that it was not found. */
export function persistedChecks(service: string): readonly Check[] {
  const url = `${service}/graphql`
  return [
    ...checksOf('@apollo/client', {
      'sends the text after the hash of an operation that is not known': async () =>
        assert.deepEqual(await apollo(url, false), ['POST, no text, hash', 'POST, text, hash']),
      'asks for the hash by GET, and sends the text by POST': async () =>
        assert.deepEqual(await apollo(url, true), ['GET, no text, hash', 'POST, text, hash'])
    }),
    ...checksOf('@urql/exchange-persisted', {
      'sends the text after the hash of an operation that is not known': async () => {
        const { sent, fetch } = watched()
        const generateHash = async (text: string) => sha256(text)
        const exchanges = [persistedExchange({ generateHash, preferGetForPersistedQueries: false }), fetchExchange]
        const client = new Client({ url, preferGetMethod: false, exchanges, fetch })
        const { data, error } = await client.query(query, {})
        assert.equal(error, undefined)
        assert.equal(data.catalogue.title, title)
        assert.deepEqual(sent, ['POST, no text, hash', 'POST, text, hash'])
      }
    })
  ]
}

async function apollo(uri: string, useGETForHashedQueries: boolean): Promise<readonly string[]> {
  const { sent, fetch } = watched()
  const link = new PersistedQueryLink({ sha256, useGETForHashedQueries }).concat(new HttpLink({ uri, fetch }))
  const client = new ApolloClient({ link, cache: new InMemoryCache() })
  const { data } = await client.query<{ catalogue: { title: string } }>({ query })
  assert.equal(data?.catalogue.title, title)
  client.stop()
  return sent
}
