import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { contextOf, executableSchema, Followers, Ledgers, openCatalogues } from './built.ts'

/** The same schema, resolvers and data on Apollo Server with its defaults. Arguments: port, URL of the store. */
const [, , port, databaseUrl = ''] = process.argv
const { catalogues, keys } = await openCatalogues(
  { databaseUrl, migrates: true, cacheMegabytes: 64, noticeDays: 0, upcomingDays: [] },
  { now: () => Date.now() }
)
await catalogues.heads.refresh()
const sources = {
  catalogues,
  ledgers: new Ledgers(catalogues),
  followers: new Followers(catalogues.heads, keys),
  webhooks: { ...catalogues, receivers: { check: async () => {} } }
}
// The benchmark sends a GET to see whether the server is ready.
const server = new ApolloServer<object>({ schema: executableSchema(), csrfPrevention: false })
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async () => contextOf(sources, { key: undefined, charge: () => {}, settle: () => {}, base: '' })
})
