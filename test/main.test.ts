import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { clearswiftPath } from './support/app.ts'
import { program } from './support/program.ts'
import { startService } from './support/service.ts'

const run = promisify(execFile)

t.test('a newcomer starts it, reads, publishes from a shell, and stops it', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'portolan-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const environment = { PORTOLAN_DATABASE_URL: `sqlite:${join(folder, 'a', 'portolan.db')}` }
  const service = await startService(environment)
  t.match(service.output(), /\/docs/)
  const view = await fetch(`${service.address}${clearswiftPath}`)
  t.equal(view.status, 200)
  for (let read = 0; read < 3; read += 1) await (await fetch(`${service.address}${clearswiftPath}`)).text()
  t.notMatch(service.output(), /"url"/, 'hot reads do not log at the default level')

  const portolan = async (...words: string[]) => {
    const asked = [...program('cli'), ...words, '--json']
    const { stdout } = await run(process.execPath, asked, { env: { ...process.env, ...environment } })
    return JSON.parse(stdout)
  }
  const { key } = await portolan('keys', 'create', '--scope', 'catalogue:publish')
  await portolan(
    'restore',
    'clearswift-exchange-gateway-4.8',
    '1',
    '--reason',
    'back',
    '--override',
    'unannounced_removal'
  )
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const moved = await fetch(`${service.address}${clearswiftPath}`)
  t.equal(moved.headers.get('portolan-revision'), '3', 'another process published, and it is served within a second')
  t.equal(
    (await fetch(`${service.address}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).status,
    200,
    'so is its key'
  )

  t.match(await (await fetch(`${service.address}/metrics`)).text(), /portolan_hot_reads_total \d/)
  t.equal((await fetch(`${service.address}/docs`)).status, 200)
  t.match(
    await say(service.address, 'GARBAGE\r\n\r\n'),
    /^HTTP\/1\.1 400 [\s\S]*application\/problem\+json[\s\S]*"code":"malformed_body"/
  )
  t.equal(await service.stop(), 0, 'it stops gracefully')

  const again = await startService(environment)
  t.equal(
    (await fetch(`${again.address}${clearswiftPath}`)).headers.get('portolan-revision'),
    '3',
    'nothing was lost, nothing published again'
  )
  t.equal(await again.stop('SIGINT'), 0)
})

/** What the service answers to these bytes on a connection of their own. */
async function say(address: string, text: string): Promise<string> {
  const { hostname, port } = new URL(address)
  const socket = connect(Number(port), hostname)
  socket.end(text)
  let answer = ''
  for await (const chunk of socket) answer += String(chunk)
  return answer
}

t.test('what cannot work is said in a line, and it does not start', async (t) => {
  const folder = t.testdir()
  const sealed = { PORTOLAN_DATABASE_URL: `sqlite:${join(folder, 'sealed.db')}` }
  await (await startService(sealed)).stop()
  await t.rejects(
    startService({ ...sealed, PORTOLAN_SECRET_KEY: 'ab'.repeat(32) }),
    /wrong_secret_key: The secrets in the store were sealed with the key [0-9a-f]{8}/
  )
  await t.rejects(
    startService({ PORTOLAN_PORT: 'http' }),
    /PORTOLAN_PORT must be a port from 1 to 65535, or 0 for a free one, got http\./
  )
  await t.rejects(
    startService({ PORTOLAN_READ_ACESS: 'key' }),
    /ended with 2: invalid_parameter: There is no variable PORTOLAN_READ_ACESS: did you mean "PORTOLAN_READ_ACCESS"\?/
  )
  await t.rejects(startService({ PORTOLAN_DATABASE_URL: 'mysql://x' }), /PORTOLAN_DATABASE_URL must be/)
})
