import { fileURLToPath } from 'node:url'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { type Migration, requireSchema, type SchemaStep } from './schema.ts'

const migrationsFolder = fileURLToPath(new URL('../../../migrations/postgres', import.meta.url))
/** The number of the advisory lock: any number that no other program uses in the same database. */
const migrationLock = 7_067_829

/**
 * Compares the schema of a store with that of the program, and migrates it on a connection of its own, to which the lock belongs: replicas
 * that start together migrate one after the other.
 * @throws PortolanError `wrong_schema`
 */
export async function migratePostgres(url: string, migration: Migration): Promise<SchemaStep> {
  const now = readMigrationFiles({ migrationsFolder }).length
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000, keepAlive: true })
  client.on('error', () => {})
  await client.connect()
  try {
    if (migration === 'run') await client.query('select pg_advisory_lock($1)', [migrationLock])
    const before = await schemaNumber(client)
    requireSchema(before, now, migration)
    if (before < now) await migrate(drizzle(client), { migrationsFolder })
    return { before, now }
  } finally {
    // This releases the lock too.
    await client.end()
  }
}

/** How many migrations a store has. */
async function schemaNumber(client: pg.Client): Promise<number> {
  const kept = await client.query<{ name: string | null }>("select to_regclass('drizzle.__drizzle_migrations') as name")
  if (!kept.rows[0]?.name) return 0
  const { rows } = await client.query<{ count: string }>('select count(*) from drizzle.__drizzle_migrations')
  return Number(rows[0]?.count)
}
