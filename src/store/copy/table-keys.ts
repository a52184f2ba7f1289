import type { SQLiteColumn } from 'drizzle-orm/sqlite-core'
import type { Tables } from '../engine/tables.ts'

/** The tables that are copied row by row, in an order in which no row is written before one that it refers to. */
export type CopiedTable = Exclude<keyof Tables, 'log'>

/** The columns by which the rows of each table are told apart, and copied in order. A table without its line here does not compile. */
export function tableKeys(tables: Tables): Readonly<Record<CopiedTable, readonly SQLiteColumn[]>> {
  const { catalogues, revisions, profiles, orders, requirements, endpoints, sites, siteRevisions, events, keys } =
    tables
  const { fanOut, subscriptions, notices, deliveries, deadLetters, signingKeys, feeds } = tables
  return {
    catalogues: [catalogues.id],
    revisions: [revisions.catalogue, revisions.number],
    profiles: [profiles.catalogue, profiles.since],
    orders: [orders.catalogue, orders.since],
    requirements: [requirements.catalogue, requirements.key, requirements.since],
    endpoints: [endpoints.catalogue, endpoints.since, endpoints.place],
    sites: [sites.id],
    siteRevisions: [siteRevisions.site, siteRevisions.number],
    events: [events.seq],
    keys: [keys.id],
    fanOut: [fanOut.id],
    subscriptions: [subscriptions.id],
    notices: [notices.id],
    deliveries: [deliveries.subscription, deliveries.number],
    deadLetters: [deadLetters.subscription, deadLetters.seq],
    signingKeys: [signingKeys.id],
    feeds: [feeds.id]
  }
}
