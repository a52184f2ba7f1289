import { join } from 'node:path'
import Database from 'better-sqlite3'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import pg from 'pg'
import { repository } from '../../../support/repository.ts'
import type { EngineName } from './schema-snapshot.ts'

export function engineOf(url: string): EngineName {
  return url.startsWith('sqlite:') ? 'sqlite' : 'postgres'
}

/** Runs statements on one connection, on which no key of another table counts. @returns the rows of the last one */
export async function runSql(url: string, statements: readonly string[]): Promise<readonly object[]> {
  let rows: readonly object[] = []
  if (engineOf(url) === 'sqlite') {
    const client = new Database(url.slice('sqlite:'.length))
    client.pragma('foreign_keys = OFF')
    for (const sql of statements) {
      const statement = client.prepare(sql)
      // A statement that selects gives objects.
      if (statement.reader) rows = statement.all() as object[]
      else statement.run()
    }
    client.close()
    return rows
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query('set session_replication_role = replica')
  for (const sql of statements) rows = (await client.query(sql)).rows
  await client.end()
  return rows
}

/** Makes the tables of a version that had so many migrations, as that version did. */
export async function makeEarlier(url: string, migrations: number): Promise<void> {
  const engine = engineOf(url)
  const files = readMigrationFiles({ migrationsFolder: join(repository, 'migrations', engine) }).slice(0, migrations)
  const done = engine === 'sqlite' ? '__drizzle_migrations' : 'drizzle.__drizzle_migrations'
  await runSql(url, [
    ...(engine === 'sqlite' ? [] : ['create schema drizzle']),
    `create table ${done} (${engine === 'sqlite' ? '' : 'id serial primary key, '}hash text not null, created_at bigint not null)`,
    ...files.flatMap(({ sql, hash, folderMillis }) => [
      ...sql.filter((text) => text.trim() !== ''),
      `insert into ${done} (hash, created_at) values ('${hash}', ${folderMillis})`
    ])
  ])
}

/** How many migrations a store has. */
export async function schemaNumber(url: string): Promise<number> {
  const [table, where] =
    engineOf(url) === 'sqlite'
      ? ['__drizzle_migrations', "select name from sqlite_master where name = '__drizzle_migrations'"]
      : ['drizzle.__drizzle_migrations', "select 1 where to_regclass('drizzle.__drizzle_migrations') is not null"]
  if ((await runSql(url, [where])).length === 0) return 0
  const [row] = await runSql(url, [`select count(*) as count from ${table}`])
  return Number(Object.values(row ?? {})[0])
}
