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
import {
  blob,
  index,
  integer,
  primaryKey,
  sqliteTable,
  customType as sqliteType,
  text,
  uniqueIndex
} from 'drizzle-orm/sqlite-core'
import { digestText, type KeptDigest } from '../packed/digest-bytes.ts'
import type { PackedJson } from '../packed/packed-json.ts'

/** JSON as it is written, so that one with other white space is seen as another. */
function canonicalText(json: string): string {
  return JSON.stringify(JSON.parse(json))
}

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
  /** JSON that may be packed; `jsonText` reads it. A column of JSON may become one, since rows of both kinds may stand in it. */
  packed: sqliteType<{ data: PackedJson }>({
    dataType: () => 'text',
    fromDriver: (raw) => (Buffer.isBuffer(raw) ? raw : canonicalText(String(raw)))
  }),
  /** A digest as text or as bytes; `digestText` reads it. PostgreSQL has no column for both, and keeps the text. */
  digest: sqliteType<{ data: KeptDigest }>({ dataType: () => 'text' }),
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
  // Bytes are JSON too, as a text in base 64. The driver gives JSON as text, or as a value.
  packed: customType<{ data: PackedJson }>({
    dataType: () => 'json',
    toDriver: (kept) => (typeof kept === 'string' ? kept : JSON.stringify(kept.toString('base64'))),
    fromDriver(raw) {
      const value: unknown = typeof raw === 'string' && /^["[{]/.test(raw) ? JSON.parse(raw) : raw
      return typeof value === 'string' ? Buffer.from(value, 'base64') : JSON.stringify(value)
    }
  }),
  digest: customType<{ data: KeptDigest }>({ dataType: () => 'text', toDriver: digestText }),
  bytes: customType<{ data: Buffer }>({ dataType: () => 'bytea' }),
  primaryKey: pgPrimaryKey,
  index: pgIndex,
  uniqueIndex: pgUniqueIndex
} as unknown as Dialect
