import { type ChildProcess, fork } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import { signalFamily } from './signal-family.ts'

export interface PostgresServer {
  /** What `PORTOLAN_TEST_POSTGRES_URL` says to those who share it. */
  readonly url: string
  /** The URL of a new, empty database. */
  database(): Promise<string>
  stop(): Promise<void>
}

/** A server that nobody shares, so that it may be hurt. */
export interface OwnPostgres extends PostgresServer {
  /** Stops it at once, as `pg_ctl stop -m immediate` does, and resolves when it runs again. */
  restart(): Promise<void>
  /** Stops all of its processes as they are. They keep their connections and answer nothing. Linux only. */
  freeze(): void
  thaw(): void
}

/** What the process of the server says each time that the server has started. */
export type ServerNews = { readonly url: string; readonly pid: number } | { readonly failure: string }

/** The server that `PORTOLAN_TEST_POSTGRES_URL` names, or one of our own, which ends with this process at the latest. */
export async function startPostgres(): Promise<PostgresServer> {
  const existing = process.env.PORTOLAN_TEST_POSTGRES_URL
  return existing ? serverAt(existing, async () => {}) : startOwnPostgres()
}

/** A server of our own, which ends with this process at the latest. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const child = fork(fileURLToPath(new URL('./postgres-process.js', import.meta.url)), {
    // What interrupts this process from a terminal must not reach the server by itself.
    detached: true,
    // It ends in its own way, after its folder is gone.
    execArgv: process.execArgv.filter((word) => !word.includes('end-with-runner')),
    stdio: ['ignore', 'ignore', 'inherit', 'ipc']
  })
  const first = await nextNews(child)
  let { pid } = first
  const server = serverAt(first.url, async () => {
    const ended = once(child, 'exit')
    child.disconnect()
    await ended
  })
  return {
    ...server,
    async restart() {
      const news = nextNews(child)
      child.send('restart')
      pid = (await news).pid
    },
    freeze: () => signalFamily(pid, 'SIGSTOP'),
    thaw: () => signalFamily(pid, 'SIGCONT')
  }
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

async function nextNews(child: ChildProcess): Promise<Exclude<ServerNews, { readonly failure: string }>> {
  const ended = once(child, 'exit').then(([code]) => ({ failure: `The process of PostgreSQL ended with ${code}.` }))
  // Sent by our own script.
  const said = once(child, 'message').then(([news]) => news as ServerNews)
  const news = await Promise.race([said, ended])
  if ('failure' in news) throw new Error(news.failure)
  return news
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
