import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'

export interface PostgresServer {
  /** What `PORTOLAN_TEST_POSTGRES_URL` says to those who share it. */
  readonly url: string
  /** The URL of a new, empty database. */
  database(): Promise<string>
  stop(): Promise<void>
}

/** What the process of the server says once. */
export type ServerNews = { readonly url: string } | { readonly failure: string }

/** The server that `PORTOLAN_TEST_POSTGRES_URL` names, or one of our own, which ends with this process at the latest. */
export async function startPostgres(): Promise<PostgresServer> {
  const existing = process.env.PORTOLAN_TEST_POSTGRES_URL
  if (existing) return serverAt(existing, async () => {})
  const child = fork(fileURLToPath(new URL('./postgres-process.js', import.meta.url)), {
    // What interrupts this process from a terminal must not reach the server by itself.
    detached: true,
    // It ends in its own way, after its folder is gone.
    execArgv: process.execArgv.filter((word) => !word.includes('end-with-runner')),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const news = await firstNews(child)
  if ('failure' in news) throw new Error(news.failure)
  return serverAt(news.url, async () => {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  })
}

interface Test {
  teardown(done: () => Promise<void>): void
}

/** The same for a test: it starts when the first database is asked for, and ends with the test. */
export function postgresServer(t: Test): Pick<PostgresServer, 'database'> {
  let started: Promise<PostgresServer> | undefined
  const server = () => {
    started ??= startPostgres()
    return started
  }
  t.teardown(async () => (await started)?.stop())
  return { database: async () => (await server()).database() }
}

async function firstNews(child: ChildProcess): Promise<ServerNews> {
  const ended = once(child, 'exit').then(([code]) => ({ failure: `The process of PostgreSQL ended with ${code}.` }))
  // Sent by our own script.
  const said = once(child, 'message').then(([news]) => news as ServerNews)
  return Promise.race([said, ended])
}

function serverAt(url: string, stop: () => Promise<void>): PostgresServer {
  return {
    url,
    async database() {
      const name = `portolan_${randomBytes(6).toString('hex')}`
      await ask(url, `create database ${name}`)
      const made = new URL(url)
      made.pathname = `/${name}`
      return made.href
    },
    stop
  }
}

/** The same database with the same tables, and nothing in them: a new one takes three times as long, and costs more than most tests do. */
export async function emptied(database: string): Promise<string> {
  const names = "string_agg(format('%I', tablename), ', ')"
  const [row] = await ask(database, `select ${names} as names from pg_tables where schemaname = 'public'`)
  if (row?.names) await ask(database, `truncate ${row.names} restart identity`)
  return database
}

async function ask(url: string, sql: string): Promise<readonly { readonly names?: string }[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}
