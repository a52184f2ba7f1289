import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { Change } from '../../domain/change/change.ts'
import type { Edition, Profile, RequirementFields } from '../../domain/document/document.ts'
import type { EndpointKind } from '../../domain/document/endpoint.ts'
import type { EventType } from '../../domain/event/event.ts'
import type { GuardRail } from '../../domain/history/revision.ts'
import type { KeyScope } from '../../domain/key.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Delivery } from '../../domain/webhook/delivery.ts'
import type { Notice } from '../../domain/webhook/notice.ts'
import type { SubscriptionDefinition, SubscriptionState } from '../../domain/webhook/subscription.ts'
import type { Secret } from '../../domain/webhook/webhook-secret.ts'
import type { Dialect } from './dialect.ts'

/** `until` of a row that stands in the head: a number above all revisions, so that one range query answers each of them. */
export const openUntil = 2_147_483_647

/** A literal, not a parameter: only then does an engine see that the partial index on closed rows answers the query. */
export function isClosed(until: SQLWrapper): SQL {
  return sql`${until} < 2147483647`
}

/** What of a delivery is no column. */
export type DeliveryBody = Omit<Delivery, 'subscription' | 'number' | 'at'>

/** Something waits to be sent: one fragment for the partial index and its queries, with literals as above. */
export function hasWork(
  row: Record<'notices' | 'state' | 'matched' | 'cursor' | 'replayNext' | 'redrives', SQLWrapper>
): SQL {
  const { notices, state, matched, cursor, replayNext, redrives } = row
  return sql`(${notices} > 0 or (${state} in ('active', 'degraded') and (${matched} > ${cursor} or ${replayNext} is not null or ${redrives} > 0)))`
}

/** `from_at` of an endpoint that has held since ever: below every instant. */
export const sinceEver: Instant = -100_000_000_000_000

/** A literal for the same reason. */
export function isBounded(fromAt: SQLWrapper): SQL {
  return sql`${fromAt} > -100000000000000`
}

/**
 * Every table, once for both engines. History rows are numbered by the revision that opened them and their place in it. Text is
 * compared for equality only: PostgreSQL would order it by the collation of the database.
 */
export function defineTables(dialect: Dialect) {
  const { table, text, integer, big, boolean, json, bytes, primaryKey, index, uniqueIndex } = dialect

  /** One row. Its lock puts all writers in line, so `seq` has no gaps. */
  const log = table('log', {
    id: integer('id').primaryKey(),
    seq: big('seq').notNull(),
    version: big('version').notNull(),
    epoch: text('epoch').notNull()
  })

  const catalogues = table('catalogues', {
    id: integer('id').primaryKey(),
    /** 0 until the first revision is committed. */
    head: integer('head').notNull(),
    seq: big('seq').notNull(),
    slug: text('slug').notNull().unique(),
    title: text('title').notNull(),
    vendor: text('vendor').notNull(),
    product: text('product').notNull(),
    version: text('version').notNull()
  })
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
      reconstructed: boolean('reconstructed').notNull(),
      added: integer('added').notNull(),
      removed: integer('removed').notNull(),
      changed: integer('changed').notNull(),
      digest: text('digest').notNull(),
      chain: text('chain').notNull(),
      summary: text('summary').notNull(),
      reason: text('reason'),
      overrides: json<readonly GuardRail[]>('overrides').notNull(),
      edition: json<Edition>('edition').notNull(),
      transitions: json<readonly Instant[]>('transitions').notNull()
    },
    (row) => [
      primaryKey({ columns: [row.catalogue, row.number] }),
      index('revisions_published').on(row.catalogue, row.publishedAt, row.number),
      index('revisions_label').on(row.catalogue, row.label, row.number),
      index('revisions_seq').on(row.catalogue, row.seq)
    ]
  )

  // One row stands at any time, until the next: no end is needed.
  const profiles = table(
    'profiles',
    { catalogue: catalogue(), since: integer('since').notNull(), body: json<Profile>('body').notNull() },
    (row) => [primaryKey({ columns: [row.catalogue, row.since] })]
  )
  const orders = table(
    'orders',
    { catalogue: catalogue(), since: integer('since').notNull(), keys: json<readonly string[]>('keys').notNull() },
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
      // Not a reference: checking it for each row takes a quarter of the time of a large publication.
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
      // What the clock turns between two instants; most endpoints have neither bound.
      index('endpoints_turn_on').on(row.catalogue, row.fromAt).where(isBounded(row.fromAt)),
      index('endpoints_turn_off').on(row.catalogue, row.untilAt).where(sql`${row.untilAt} is not null`)
    ]
  )

  const events = table(
    'events',
    {
      seq: big('seq').primaryKey(),
      catalogue: catalogue(),
      type: text('type').$type<EventType>().notNull(),
      id: text('id').notNull().unique(),
      /** Names what may happen once only: a catalogue, a type and an instant. */
      once: text('once'),
      occurredAt: big('occurred_at').notNull(),
      effectiveAt: big('effective_at').notNull(),
      lateByMs: big('late_by_ms').notNull(),
      number: integer('number').notNull(),
      added: integer('added').notNull(),
      removed: integer('removed').notNull(),
      changed: integer('changed').notNull(),
      truncated: boolean('truncated').notNull(),
      label: text('label').notNull(),
      digest: text('digest').notNull(),
      changes: json<readonly Change[]>('changes').notNull()
    },
    (row) => [
      index('events_catalogue').on(row.catalogue, row.seq),
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
    revokedAt: big('revoked_at')
  })

  /** One row: how far the log was held against the subscriptions, and how often one was made, changed or taken away. */
  const fanOut = table('fan_out', {
    id: integer('id').primaryKey(),
    seq: big('seq').notNull(),
    definitions: big('definitions').notNull()
  })

  const subscriptions = table(
    'subscriptions',
    {
      id: text('id').primaryKey(),
      owner: text('owner'),
      version: big('version').notNull(),
      createdAt: big('created_at').notNull(),
      updatedAt: big('updated_at').notNull(),
      definition: json<SubscriptionDefinition>('definition').notNull(),
      secrets: json<readonly Secret[]>('secrets').notNull(),
      state: text('state').$type<SubscriptionState>().notNull(),
      stateSince: big('state_since').notNull(),
      stateReason: text('state_reason'),
      activatedAt: big('activated_at'),
      cursor: big('cursor').notNull(),
      matched: big('matched').notNull(),
      previous: big('previous'),
      ahead: json<readonly number[]>('ahead').notNull(),
      replayFrom: big('replay_from'),
      replayTo: big('replay_to'),
      replayNext: big('replay_next'),
      redrives: integer('redrives').notNull(),
      notices: integer('notices').notNull(),
      dueAt: big('due_at').notNull(),
      failures: integer('failures').notNull(),
      failingSince: big('failing_since'),
      refusals: integer('refusals').notNull(),
      refusedSince: big('refused_since'),
      attempts: big('attempts').notNull(),
      /** Whoever holds the lease sends; the fence tells a holder from those before it. */
      leaseUntil: big('lease_until').notNull(),
      holder: text('holder'),
      fence: big('fence').notNull()
    },
    (row) => [
      index('subscriptions_owner').on(row.owner, row.createdAt),
      index('subscriptions_holder').on(row.holder),
      index('subscriptions_work').on(row.dueAt).where(hasWork(row))
    ]
  )

  const notices = table(
    'notices',
    { id: text('id').primaryKey(), subscription: text('subscription').notNull(), body: json<Notice>('body').notNull() },
    (row) => [index('notices_subscription').on(row.subscription)]
  )

  const deliveries = table(
    'deliveries',
    {
      subscription: text('subscription').notNull(),
      number: big('number').notNull(),
      at: big('at').notNull(),
      body: json<DeliveryBody>('body').notNull()
    },
    (row) => [primaryKey({ columns: [row.subscription, row.number] }), index('deliveries_at').on(row.at)]
  )

  const deadLetters = table(
    'dead_letters',
    {
      subscription: text('subscription').notNull(),
      seq: big('seq').notNull(),
      event: text('event').notNull(),
      type: text('type').$type<EventType>().notNull(),
      at: big('at').notNull(),
      status: integer('status').notNull(),
      isRedriving: boolean('is_redriving').notNull()
    },
    (row) => [primaryKey({ columns: [row.subscription, row.seq] })]
  )

  const signingKeys = table('signing_keys', {
    id: text('id').primaryKey(),
    publicKey: text('public_key').notNull(),
    privateKey: text('private_key').notNull(),
    createdAt: big('created_at').notNull()
  })

  return {
    ...{ log, catalogues, revisions, profiles, orders, requirements, endpoints, events, keys },
    ...{ fanOut, subscriptions, notices, deliveries, deadLetters, signingKeys }
  }
}
export type Tables = ReturnType<typeof defineTables>

/** What an endpoint has beyond its identity and lifetime. Most have nothing, and then no body is kept. */
export interface EndpointBody {
  readonly title?: string
  readonly url?: string
  readonly select?: Readonly<Record<string, readonly string[]>>
  readonly serves?: readonly string[]
  readonly replacedBy?: readonly string[]
  readonly remarks?: string
}
