import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Profile, RequirementFields } from '../../domain/document/document.ts'
import type { Endpoint, EndpointKind } from '../../domain/document/endpoint.ts'
import type { EventType } from '../../domain/event/event.ts'
import type { OrderDifference } from '../../domain/history/order-difference.ts'
import type { GuardRail } from '../../domain/history/revision.ts'
import type { KeyScope } from '../../domain/key.ts'
import type { Narrowing } from '../../domain/narrowing.ts'
import type { FeedRecord } from '../../domain/polling/feed-record.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Dialect } from './dialect.ts'
import { defineSiteTables } from './table/site-tables.ts'
import { defineWebhookTables } from './table/webhook-tables.ts'

/** `until` of a row that stands in the head: a number above all revisions, so that one range query finds the rows of any revision. */
export const openUntil = 2_147_483_647

/** Whether a row is closed. A literal, since with a parameter no engine sees that the partial index on closed rows answers the query. */
export function isClosed(until: SQLWrapper): SQL {
  return sql`${until} < 2147483647`
}

/** `from_at` of an endpoint that has held since ever: below every instant. */
export const sinceEver: Instant = -100_000_000_000_000

/** Whether a lifetime has a beginning. A literal for the same reason. */
export function isBounded(fromAt: SQLWrapper): SQL {
  return sql`${fromAt} > -100000000000000`
}

/**
 * All tables, written once for both engines. History rows are numbered by the revision that opened them and their place in it. Texts are
 * compared for equality only, since PostgreSQL would order them by the collation of the database.
 */
export function defineTables(dialect: Dialect) {
  const { table, text, integer, big, boolean, json, packed, digest, bytes, primaryKey, index, uniqueIndex } = dialect

  /** One row. All writers wait for its lock, so `seq` has no gaps. */
  const log = table('log', {
    id: integer('id').primaryKey(),
    seq: big('seq').notNull(),
    version: big('version').notNull(),
    epoch: text('epoch').notNull(),
    /** The id of the key with which all secrets are sealed; null: they are kept as they are. */
    secretKey: text('secret_key'),
    /** The SHA-256 of the epoch; null: a program of an older version made it. */
    checksum: text('checksum'),
    /** The database in which the epoch began, as the engine identifies it; null: the engine could not say. */
    database: text('database'),
    /** True: rows are packed, which programs of older versions do not read. Null: they may still run beside this one. */
    isPacked: boolean('packed')
  })

  const catalogues = table(
    'catalogues',
    {
      id: integer('id').primaryKey(),
      /** 0 until the first revision is committed. */
      head: integer('head').notNull(),
      seq: big('seq').notNull(),
      slug: text('slug').notNull().unique(),
      title: text('title').notNull(),
      vendor: text('vendor').notNull(),
      product: text('product').notNull(),
      version: text('version').notNull()
    },
    // For the heads that changed since a seq.
    (row) => [index('catalogues_seq').on(row.seq)]
  )
  const catalogue = () =>
    integer('catalogue')
      .notNull()
      .references(() => catalogues.id)

  const revisions = table(
    'revisions',
    {
      catalogue: catalogue(),
      number: integer('number').notNull(),
      seq: big('seq').notNull(),
      publishedAt: big('published_at').notNull(),
      recordedAt: big('recorded_at').notNull(),
      label: text('label').notNull(),
      author: text('author'),
      authorKey: text('author_key'),
      reconstructed: boolean('reconstructed').notNull(),
      added: integer('added').notNull(),
      removed: integer('removed').notNull(),
      changed: integer('changed').notNull(),
      digest: digest('digest').notNull(),
      chain: digest('chain').notNull(),
      summary: text('summary').notNull(),
      reason: text('reason'),
      overrides: json<readonly GuardRail[]>('overrides').notNull(),
      edition: packed('edition').notNull(),
      transitions: json<readonly Instant[]>('transitions').notNull()
    },
    (row) => [
      primaryKey({ columns: [row.catalogue, row.number] }),
      index('revisions_published').on(row.catalogue, row.publishedAt, row.number),
      index('revisions_label').on(row.catalogue, row.label, row.number),
      index('revisions_seq').on(row.catalogue, row.seq)
    ]
  )

  // Exactly one row stands at any time, so the next row is its end.
  const profiles = table(
    'profiles',
    { catalogue: catalogue(), since: integer('since').notNull(), body: json<Profile>('body').notNull() },
    (row) => [primaryKey({ columns: [row.catalogue, row.since] })]
  )
  // The order is kept whole, or as the difference from the row before.
  const orders = table(
    'orders',
    {
      catalogue: catalogue(),
      since: integer('since').notNull(),
      keys: json<readonly string[] | OrderDifference>('keys').notNull()
    },
    (row) => [primaryKey({ columns: [row.catalogue, row.since] })]
  )

  const requirements = table(
    'requirements',
    {
      catalogue: catalogue(),
      since: integer('since').notNull(),
      until: integer('until').notNull(),
      key: text('key').notNull(),
      body: json<RequirementFields>('body').notNull()
    },
    (row) => [
      primaryKey({ columns: [row.catalogue, row.key, row.since] }),
      index('requirements_since').on(row.catalogue, row.since),
      index('requirements_until').on(row.catalogue, row.until).where(isClosed(row.until))
    ]
  )

  const endpoints = table(
    'endpoints',
    {
      // Not a foreign key: checking it for each row takes a quarter of the time of a large publication.
      catalogue: integer('catalogue').notNull(),
      since: integer('since').notNull(),
      place: integer('place').notNull(),
      until: integer('until').notNull(),
      fromAt: big('from_at').notNull(),
      untilAt: big('until_at'),
      kind: text('kind').$type<EndpointKind>().notNull(),
      value: text('value').notNull(),
      requirement: text('requirement').notNull(),
      lookup: bytes('lookup').notNull(),
      body: json<EndpointBody>('body')
    },
    (row) => [
      primaryKey({ columns: [row.catalogue, row.since, row.place] }),
      uniqueIndex('endpoints_identity').on(row.catalogue, row.requirement, row.lookup, row.fromAt, row.since),
      index('endpoints_lookup').on(row.lookup, row.catalogue),
      index('endpoints_until').on(row.catalogue, row.until).where(isClosed(row.until)),
      // For the endpoints that the clock changes between two instants. Most endpoints have neither bound.
      index('endpoints_turn_on').on(row.catalogue, row.fromAt).where(isBounded(row.fromAt)),
      index('endpoints_turn_off').on(row.catalogue, row.untilAt).where(sql`${row.untilAt} is not null`)
    ]
  )

  const { sites, siteRevisions } = defineSiteTables(dialect)

  const events = table(
    'events',
    {
      seq: big('seq').primaryKey(),
      /** Null: the event is about a site. */
      catalogue: integer('catalogue').references(() => catalogues.id),
      /** Null: the event is about a catalogue. */
      site: integer('site').references(() => sites.id),
      type: text('type').$type<EventType>().notNull(),
      id: text('id').notNull().unique(),
      /** The deduplication key, made of a catalogue, a type and an instant. */
      once: text('once'),
      occurredAt: big('occurred_at').notNull(),
      effectiveAt: big('effective_at').notNull(),
      lateByMs: big('late_by_ms').notNull(),
      number: integer('number').notNull(),
      added: integer('added').notNull(),
      removed: integer('removed').notNull(),
      changed: integer('changed').notNull(),
      truncated: boolean('truncated').notNull(),
      /** Empty: a revision of a site has no label. */
      label: text('label').notNull(),
      digest: digest('digest').notNull(),
      changes: packed('changes').notNull(),
      /** `eventChecksum`; null: a program of an older version wrote the event, and the next start fills it in. */
      checksum: digest('checksum')
    },
    (row) => [
      index('events_catalogue').on(row.catalogue, row.seq),
      index('events_site').on(row.site, row.seq).where(sql`${row.site} is not null`),
      index('events_unchecked').on(row.seq).where(sql`${row.checksum} is null`),
      uniqueIndex('events_once').on(row.once).where(sql`${row.once} is not null`)
    ]
  )

  const keys = table('keys', {
    id: text('id').primaryKey(),
    name: text('name'),
    hash: text('hash').notNull(),
    scopes: json<readonly KeyScope[]>('scopes').notNull(),
    createdAt: big('created_at').notNull(),
    expiresAt: big('expires_at'),
    revokedAt: big('revoked_at'),
    cidrs: json<readonly string[]>('cidrs'),
    catalogues: json<Narrowing>('catalogues'),
    lastUsedAt: big('last_used_at'),
    previousHash: text('previous_hash'),
    previousUntil: big('previous_until')
  })

  /** What feeds remember from one fetch to the next. */
  const feeds = table('feeds', {
    id: text('id').primaryKey(),
    /** Counts the writes. */
    version: big('version').notNull(),
    body: json<FeedRecord>('body').notNull(),
    /** The document of the change that is held, as JSON; null: none is. */
    heldDocument: text('held_document'),
    /** The holder of the lease fetches. */
    leaseUntil: big('lease_until').notNull(),
    holder: text('holder')
  })

  return {
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
    feeds,
    ...defineWebhookTables(dialect)
  }
}
export type Tables = ReturnType<typeof defineTables>

type KeyOf<T> = T extends unknown ? Exclude<keyof T, 'kind' | 'value' | 'from' | 'until'> : never
type ValueOf<T, K> = T extends unknown ? (K extends keyof T ? T[K] : never) : never

/** The fields of an endpoint beyond its identity and lifetime. Most endpoints have none of them, and then no body is kept. */
export type EndpointBody = { readonly [K in KeyOf<Endpoint>]?: ValueOf<Endpoint, K> }
