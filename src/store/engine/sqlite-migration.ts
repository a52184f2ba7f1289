import { fileURLToPath } from 'node:url'
import type Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { type Migration, requireSchema, type SchemaStep } from './schema.ts'

const migrationsFolder = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url))

/**
 * Compares the schema of a store with that of the program, and runs the migrations that are due. The migrator of Drizzle reads what is done before its transaction, so two processes could both
 * migrate. Foreign keys are off meanwhile: where a migration rebuilds a table, dropping the old one would delete rows of other tables.
 * @throws PortolanError `wrong_schema`
 */
export function migrateSqlite(client: Database.Database, migration: Migration): SchemaStep {
  const files = readMigrationFiles({ migrationsFolder })
  const now = files.length
  if (migration === 'refuse') {
    const before = schemaNumber(client)
    requireSchema(before, now, migration)
    return { before, now }
  }
  let before = 0
  client.pragma('foreign_keys = OFF')
  client
    .transaction(() => {
      before = schemaNumber(client)
      requireSchema(before, now, migration)
      client.exec('create table if not exists __drizzle_migrations (hash text not null, created_at integer not null)')
      const last = client.prepare('select max(created_at) from __drizzle_migrations').pluck().get()
      for (const { sql, hash, folderMillis } of files) {
        if (typeof last === 'number' && folderMillis <= last) continue
        for (const statement of sql) client.exec(statement)
        client.prepare('insert into __drizzle_migrations values (?, ?)').run(hash, folderMillis)
      }
      const orphans = client.pragma('foreign_key_check')
      if (Array.isArray(orphans) && orphans.length > 0) throw new Error('a migration left rows without their parents')
    })
    .immediate()
  client.pragma('foreign_keys = ON')
  return { before, now }
}

/** How many migrations a store has. */
function schemaNumber(client: Database.Database): number {
  const isKept = client.prepare("select 1 from sqlite_master where name = '__drizzle_migrations'").get()
  return isKept ? Number(client.prepare('select count(*) from __drizzle_migrations').pluck().get()) : 0
}
