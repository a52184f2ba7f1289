import {
  bigint,
  customType,
  boolean as pgBoolean,
  index as pgIndex,
  integer as pgInteger,
  json as pgJson,
  primaryKey as pgPrimaryKey,
  pgTable,
  text as pgText,
  uniqueIndex as pgUniqueIndex
} from 'drizzle-orm/pg-core'
import { blob, index, integer, primaryKey, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

/** The columns that exist on both engines. There are no defaults and no generated ids: those are decided before a write. */
export const sqlite = {
  table: sqliteTable,
  text: (name: string) => text(name),
  /** 32 bits: revision numbers, counts, ids. */
  integer: (name: string) => integer(name),
  /** Up to 2^53: instants in milliseconds, sequence numbers. */
  big: (name: string) => integer(name),
  boolean: (name: string) => integer(name, { mode: 'boolean' }),
  json: <T>(name: string) => text(name, { mode: 'json' }).$type<T>(),
  bytes: (name: string) => blob(name, { mode: 'buffer' }),
  primaryKey,
  index,
  uniqueIndex
}
export type Dialect = typeof sqlite

// The tables of the two engines have unrelated types in Drizzle, but queries are written once. This is the one cast between them.
export const postgres = {
  table: pgTable,
  text: (name: string) => pgText(name),
  integer: (name: string) => pgInteger(name),
  big: (name: string) => bigint(name, { mode: 'number' }),
  boolean: (name: string) => pgBoolean(name),
  // Not jsonb, which sorts keys anew: documents must come back byte for byte.
  json: (name: string) => pgJson(name),
  bytes: customType<{ data: Buffer }>({ dataType: () => 'bytea' }),
  primaryKey: pgPrimaryKey,
  index: pgIndex,
  uniqueIndex: pgUniqueIndex
} as unknown as Dialect
