import { type SQL, type SQLWrapper, sql } from 'drizzle-orm'
import type { EventType } from '../../../domain/event/event.ts'
import type { Delivery } from '../../../domain/webhook/delivery.ts'
import type { Notice } from '../../../domain/webhook/notice.ts'
import type { SubscriptionDefinition, SubscriptionState } from '../../../domain/webhook/subscription.ts'
import type { Secret } from '../../../domain/webhook/webhook-secret.ts'
import type { Dialect } from '../dialect.ts'
import type { KeptSecret } from '../secret-box.ts'

/** The fields of a delivery that have no column of their own. */
export type DeliveryBody = Omit<Delivery, 'subscription' | 'number' | 'at'>

export type KeptDefinition = Omit<SubscriptionDefinition, 'headers'> & {
  readonly headers: Readonly<Record<string, KeptSecret>>
}
export type KeptSecrets = readonly (Omit<Secret, 'text'> & { readonly text: KeptSecret })[]

/** Whether something waits to be sent. The partial index and its queries share this fragment, with literals as in `isClosed`. */
export function hasWork(
  row: Record<'notices' | 'state' | 'matched' | 'cursor' | 'replayNext' | 'redrives', SQLWrapper>
): SQL {
  const { notices, state, matched, cursor, replayNext, redrives } = row
  return sql`(${notices} > 0 or (${state} in ('active', 'degraded') and (${matched} > ${cursor} or ${replayNext} is not null or ${redrives} > 0)))`
}

/** The tables of subscriptions and of what is sent to them, a part of `defineTables`. */
export function defineWebhookTables(dialect: Dialect) {
  const { table, text, integer, big, boolean, json, primaryKey, index, uniqueIndex } = dialect

  /** One row: how far the log was matched against the subscriptions, and how often one of them was made, changed or removed. */
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
      /** The request of the owner that made it; null: the request had no name, or is forgotten. */
      creationKey: text('creation_key'),
      creationDigest: text('creation_digest'),
      version: big('version').notNull(),
      createdAt: big('created_at').notNull(),
      updatedAt: big('updated_at').notNull(),
      definition: json<KeptDefinition>('definition').notNull(),
      secrets: json<KeptSecrets>('secrets').notNull(),
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
      /** The holder of the lease sends. The fence distinguishes it from earlier holders. */
      leaseUntil: big('lease_until').notNull(),
      holder: text('holder'),
      fence: big('fence').notNull()
    },
    (row) => [
      index('subscriptions_owner').on(row.owner, row.createdAt),
      uniqueIndex('subscriptions_creation').on(row.owner, row.creationKey).where(sql`${row.creationKey} is not null`),
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

  return { fanOut, subscriptions, notices, deliveries, deadLetters, signingKeys }
}
