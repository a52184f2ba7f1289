import { postgres } from './dialect.ts'
import { defineTables } from './tables.ts'

/** What drizzle-kit reads: `npm run db:generate`. */
export const {
  log,
  catalogues,
  revisions,
  profiles,
  orders,
  requirements,
  endpoints,
  events,
  keys,
  fanOut,
  subscriptions,
  notices,
  deliveries,
  deadLetters,
  signingKeys
} = defineTables(postgres)
