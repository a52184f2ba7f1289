import { readdirSync, readFileSync, statSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { readConfig } from '../src/config/config.ts'
import { options, optionsIn } from '../src/config/options.ts'
import { folder, missing, run } from './render/formats/support/tool.ts'
import { repository } from './support/repository.ts'
import { startService } from './support/service.ts'

const read = (path: string) => readFileSync(`${repository}/${path}`, 'utf8')
const compose = parse(read('docker-compose.yml'), { merge: true })
const { services } = compose
/** What a container may set: the options, each also by a file. */
const known: readonly string[] = optionsIn(options).flatMap(({ variable }) => [variable, `${variable}_FILE`])

t.test('no container may do more than it needs', async (t) => {
  t.strictSame(Object.keys(services).sort(), ['database', 'migrate', 'portolan', 'proxy'])
  for (const [name, service] of Object.entries<typeof services.portolan>(services)) {
    t.equal(service.read_only, true, `${name}: a root file system that it cannot write to`)
    t.strictSame(service.cap_drop, ['ALL'], `${name}: no capabilities`)
    t.strictSame(service.security_opt, ['no-new-privileges:true'], `${name}: no way to more privileges`)
    t.match(service.deploy.resources.limits.memory, /^\d+[mg]$/, `${name}: a limit of memory`)
    t.equal(service.restart, name === 'migrate' ? 'no' : 'unless-stopped', `${name}: it comes back`)
    t.equal(service.privileged, undefined, name)
    if (name === 'database') continue
    t.match(service.user, /^[1-9]\d*:[1-9]\d*$/, `${name}: a numeric user who is not root`)
    t.equal(service.cap_add, undefined, name)
  }
  t.match(read('Dockerfile'), new RegExp(`^USER ${services.portolan.user}$`, 'm'), 'the image has that user too')
})

t.test('each container waits until what it needs works, and has the time that it needs to stop', async (t) => {
  const { database, migrate, portolan, proxy } = services
  const healthy = { condition: 'service_healthy' }
  t.strictSame(migrate.depends_on, { database: healthy })
  t.strictSame(portolan.depends_on, { database: healthy, migrate: { condition: 'service_completed_successfully' } })
  t.strictSame(proxy.depends_on, { portolan: healthy })
  t.ok(database.healthcheck.test)
  t.match(read('Dockerfile'), /^HEALTHCHECK .*CMD \["deploy\/healthy\.sh"\]$/m)
  // The service gives up after 9 seconds by itself, beside those for which answers go on.
  const drain = Number(portolan.environment.PORTOLAN_DRAIN_DELAY)
  t.ok(drain > 0)
  for (const { stop_grace_period } of [database, portolan, proxy])
    t.ok(Number.parseInt(stop_grace_period, 10) >= drain + 9 + 10)
  t.ok(portolan.deploy.replicas >= 2)
})

t.test('the image has the files of the package and no others, but for its health check', async (t) => {
  const [, image = ''] = read('Dockerfile')
    .split(/^FROM .*\n(?!.*AS build)/m)
    .slice(-2)
  const copied = [...image.matchAll(/^COPY (?<what>.*)$/gm)].map(({ groups = {} }) => groups.what)
  t.strictSame(copied, [
    '--from=build /app/node_modules node_modules',
    '--from=build /package ./',
    'deploy/healthy.sh deploy/'
  ])
  t.match(read('Dockerfile'), /^RUN npm pack && .* npm prune --omit=dev$/m)
})

t.test('no password stands in the compose file, and none is assumed', async (t) => {
  const text = read('docker-compose.yml')
  t.notMatch(text, /(PASSWORD|SECRET_KEY|DATABASE_URL): \S/, 'each is named by a file')
  t.notMatch(text, /:\/\/[^\s/]*:[^\s/]*@/)
  for (const service of Object.values<typeof services.portolan>(services))
    for (const secret of service.secrets ?? []) t.ok(compose.secrets[secret].file, secret)
  for (const ignored of ['.gitignore', '.dockerignore'])
    t.ok(read(ignored).match(/^deploy\/secrets\/?$/m), `${ignored} keeps them out`)
})

t.test('the program takes what the compose file and the image configure', async (t) => {
  const [, image = ''] = /^ENV (.*)$/m.exec(read('Dockerfile')) ?? []
  const secrets = folder(t, {
    'database-url': 'postgres://portolan:x@database/portolan',
    'secret-key': 'ab'.repeat(32)
  })
  for (const { environment } of [services.portolan, services.migrate]) {
    const both: Record<string, string> = {
      ...Object.fromEntries(image.split(' ').map((word) => word.split('='))),
      ...environment
    }
    for (const [name, value] of Object.entries(both)) {
      t.ok(known.includes(name), name)
      both[name] = value.replace('/run/secrets', secrets).replace(/\$\{\w+:-(.*)\}/, '$1')
    }
    const config = readConfig(both)
    t.equal(config.databaseUrl, 'postgres://portolan:x@database/portolan')
    t.equal(config.secretKeys?.length, 1)
    t.equal(config.host, '0.0.0.0')
  }
  t.equal(services.portolan.environment.PORTOLAN_MIGRATE, 'off', 'replicas need no right to change tables')
  t.strictSame(services.migrate.command, ['node', 'bin/portolan.js', 'migrate'])
})

t.test('the script of the secrets makes each file once', { skip: missing('bash', 'openssl') }, async (t) => {
  const at = folder(t)
  const make = () => run('bash', [`${repository}/deploy/make-secrets.sh`, at])
  t.equal((await make()).code, 0)
  const files = () => readdirSync(at).map((name) => [name, readFileSync(`${at}/${name}`, 'utf8')] as const)
  const made = Object.fromEntries(files())
  const named = Object.values<{ file: string }>(compose.secrets).map(({ file }) => file)
  t.strictSame(
    named.sort(),
    Object.keys(made)
      .map((name) => `./deploy/secrets/${name}`)
      .sort()
  )
  t.equal(made['database-url'], `postgres://portolan:${made['database-password']}@database:5432/portolan`)
  t.ok((made['database-password'] ?? '').length >= 32)
  t.ok(readConfig({ PORTOLAN_SECRET_KEY_FILE: `${at}/secret-key` }).secretKeys, 'the service takes it')
  t.equal(statSync(at).mode & 0o777, 0o700, 'nobody else enters the folder')
  for (const name of Object.keys(made)) t.equal(statSync(`${at}/${name}`).mode & 0o777, 0o444, 'containers may read')
  t.equal((await make()).code, 0)
  t.strictSame(Object.fromEntries(files()), made, 'a second time changes nothing')
})

t.test('the health check of the image says whether the service is ready', { skip: missing('bash') }, async (t) => {
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  const check = () =>
    run('bash', [`${repository}/deploy/healthy.sh`], { env: { PORTOLAN_PORT: new URL(service.address).port } })
  t.equal((await check()).code, 0)
  await service.stop()
  t.not((await check()).code, 0)
})

t.test('the scripts have no faults that shellcheck knows', { skip: missing('shellcheck') }, async (t) => {
  const scripts = readdirSync(`${repository}/deploy`).filter((name) => name.endsWith('.sh'))
  t.ok(scripts.length > 0)
  for (const name of scripts)
    t.match(await run('shellcheck', [`${repository}/deploy/${name}`]), { code: 0, stdout: '' })
})
