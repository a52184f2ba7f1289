import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { get } from 'node:https'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import t from 'tap'
import { clearswiftPath, startApp } from '../../support/app.ts'
import { startService } from '../../support/service.ts'

const strict = 'max-age=31536000'

function openssl(folder: string, ...words: string[]): void {
  execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' })
}

/** An authority, and certificates that it signed: of the service, twice, and of a client. */
function certificates(folder: string) {
  const subject = (name: string) => ['-subj', `/CN=${name}`]
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  openssl(
    folder,
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '2',
    ...subject('authority')
  )
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost,IP:127.0.0.1')
  for (const name of ['first', 'second', 'client']) {
    openssl(folder, 'req', ...newKey, '-keyout', `${name}.key`, '-out', `${name}.csr`, ...subject(name))
    const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'names']
    openssl(folder, 'x509', '-req', '-in', `${name}.csr`, '-out', `${name}.pem`, ...signed)
  }
  const path = (name: string) => join(folder, name)
  return { path, text: (name: string) => readFileSync(path(name)) }
}

async function ask(url: string, options: object): Promise<{ status?: number; headers: object; subject: string }> {
  const request = get(url, { agent: false, ...options })
  const [answer] = await once(request, 'response')
  answer.resume()
  const subject = (answer.socket as TLSSocket).getPeerCertificate().subject.CN
  await once(answer, 'end')
  return { status: answer.statusCode, headers: answer.headers, subject: String(subject) }
}

t.test('the service speaks TLS with its files, and takes new ones without a restart', async (t) => {
  const { path, text } = certificates(t.testdir())
  const use = (name: string) => {
    copyFileSync(path(`${name}.pem`), path('cert.pem'))
    copyFileSync(path(`${name}.key`), path('key.pem'))
  }
  use('first')
  const app = await startApp(t, { tls: { cert: path('cert.pem'), key: path('key.pem') } })
  const address = (await app.listen()).replace(/^http:/, 'https:')
  const ca = text('ca.pem')
  for (const heat of ['cold', 'hot']) {
    const answer = await ask(address + clearswiftPath, { ca })
    t.match(answer, { status: 200, subject: 'first', headers: { 'strict-transport-security': strict } }, heat)
    t.match(answer.headers, { link: `<${address}/v1/` })
  }
  t.match(await ask(`${address}/v1/none`, { ca }), { status: 404, headers: { 'strict-transport-security': strict } })
  const upgrade = await ask(address + clearswiftPath, { ca, headers: { connection: 'upgrade', upgrade: 'h2c' } })
  t.equal(upgrade.status, 200)

  writeFileSync(path('cert.pem'), 'half of a certif')
  await new Promise((resolve) => setTimeout(resolve, 1500))
  t.equal((await ask(address + clearswiftPath, { ca })).subject, 'first', 'what cannot be used changes nothing')

  use('second')
  let subject = 'first'
  for (let tries = 0; tries < 100 && subject === 'first'; tries++) {
    await new Promise((resolve) => setTimeout(resolve, 100))
    subject = (await ask(address + clearswiftPath, { ca })).subject
  }
  t.equal(subject, 'second')
})

t.test('clients show a certificate of the authorities that are named', async (t) => {
  const { path, text } = certificates(t.testdir())
  const tls = { cert: path('first.pem'), key: path('first.key'), clientCa: path('ca.pem') }
  const app = await startApp(t, { tls })
  const address = (await app.listen()).replace(/^http:/, 'https:')
  const ca = text('ca.pem')
  t.equal((await ask(address + clearswiftPath, { ca, cert: text('client.pem'), key: text('client.key') })).status, 200)
  await t.rejects(ask(address + clearswiftPath, { ca }))
  openssl(
    t.testdirName,
    'req',
    '-x509',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    'self.key',
    '-out',
    'self.pem',
    '-subj',
    '/CN=self'
  )
  await t.rejects(ask(address + clearswiftPath, { ca, cert: text('self.pem'), key: text('self.key') }))
  const { port } = new URL(address)
  const old = connect({ host: '127.0.0.1', port: Number(port), ca, maxVersion: 'TLSv1.1', minVersion: 'TLSv1' })
  await t.rejects(once(old, 'secureConnect'), 'old versions are refused')
})

t.test('the process reads its files from the environment, and names what is missing', async (t) => {
  const { path, text } = certificates(t.testdir())
  const environment = { PORTOLAN_DATABASE_URL: 'sqlite::memory:', PORTOLAN_CATALOGUES: '', PORTOLAN_LOG_LEVEL: 'error' }
  const files = { PORTOLAN_TLS_CERT: path('first.pem'), PORTOLAN_TLS_KEY: path('first.key') }
  const service = await startService({ ...environment, ...files })
  t.match(service.address, /^https:/)
  t.equal((await ask(`${service.address}/health/ready`, { ca: text('ca.pem') })).status, 200)
  await service.stop()
  await t.rejects(startService({ ...environment, PORTOLAN_TLS_CERT: path('first.pem') }), /PORTOLAN_TLS_KEY/)
  await t.rejects(startService({ ...environment, ...files, PORTOLAN_TLS_KEY: path('none') }), /none cannot be read/)
})

t.test('only over TLS, also that of a trusted proxy, browsers are told to stay with it', async (t) => {
  const direct = await startApp(t)
  const behind = await startApp(t, { trustProxy: ['127.0.0.1/32'] })
  const secure = { 'x-forwarded-proto': 'https' }
  for (const heat of ['cold', 'hot'])
    for (const url of [clearswiftPath, '/v1/none', '/docs/', '/v1/me', '/health/live']) {
      const field = async ({ request }: typeof direct, headers: object) =>
        (await request({ url, headers: { ...headers } })).headers['strict-transport-security']
      t.equal(await field(direct, {}), undefined, `${heat} ${url}`)
      t.equal(await field(direct, secure), undefined)
      t.equal(await field(behind, {}), undefined)
      t.equal(await field(behind, secure), strict)
      t.equal(await field(behind, { 'x-forwarded-proto': 'https, http' }), undefined)
    }
})
