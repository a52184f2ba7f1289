import { sqlite } from './dialect.ts'
import { defineTables } from './tables.ts'

/** The tables as drizzle-kit reads them (`npm run db:generate`). */
export const {
  log,
  catalogues,
  revisions,
  profiles,
  orders,
  requirements,
  endpoints,
  sites,
  siteRevisions,
  events,
  keys,
  fanOut,
  subscriptions,
  notices,
  deliveries,
  deadLetters,
  signingKeys,
  feeds
} = defineTables(sqlite)
