import { runPage } from './support/run-page.ts'

runPage('docs/graphql.md', {
  scripts: [
    // The caches themselves are tried by `npm run conformance`.
    ['const [InMemoryCache, cacheExchange] = [Object, Object]; type Data = Record<string, unknown>', ''],
    [
      `import { createHash } from 'node:crypto'
import { canonicalJson } from './src/domain/json/canonical-json.ts'
const sha256 = (text) => createHash('sha256').update(text).digest('hex')
const { items, digest } = await (await fetch('http://127.0.0.1:8080/v1/delta?limit=1000')).json()`,
      'if (!isProven) throw new Error(digest)'
    ],
    [
      `import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
let seq = 0
const take = async (event) => (event.seq === 2 ? process.exit(0) : event.seq)`,
      ''
    ]
  ]
})
