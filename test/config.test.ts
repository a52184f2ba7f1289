import { readdirSync, readFileSync } from 'node:fs'
import t from 'tap'
import { readConfig } from '../src/config/config.ts'
import { requireKnownVariables } from '../src/config/known-variables.ts'
import { options, optionsIn } from '../src/config/options.ts'
import { repository } from './support/repository.ts'

t.test('GraphQL answers everybody everything but a page, unless it is told otherwise', async (t) => {
  const { graphql, trustedDocuments } = readConfig({})
  t.strictSame(graphql, { hasGraphiql: false, allowsIntrospection: true, trustsOnlyDocuments: false })
  t.match(trustedDocuments, /^\/.*\/schema\/documents$/, 'that of the package')
})

t.test('an operator turns the page on, introspection off, and takes trusted documents only', async (t) => {
  const { graphql, trustedDocuments } = readConfig({
    PORTOLAN_GRAPHIQL: 'on',
    PORTOLAN_INTROSPECTION: 'off',
    PORTOLAN_TRUSTED_ONLY: 'on',
    PORTOLAN_TRUSTED_DOCUMENTS: '/etc/portolan/documents'
  })
  t.strictSame(graphql, { hasGraphiql: true, allowsIntrospection: false, trustsOnlyDocuments: true })
  t.equal(trustedDocuments, '/etc/portolan/documents')
})

t.test('without a place there are no trusted documents', async (t) => {
  t.notOk('trustedDocuments' in readConfig({ PORTOLAN_TRUSTED_DOCUMENTS: '' }))
})

t.test('clients have 3000 units a minute, unless it is told otherwise', async (t) => {
  t.equal(readConfig({}).rateLimit, 3000)
  t.equal(readConfig({ PORTOLAN_RATE_LIMIT: '60' }).rateLimit, 60)
  t.equal(readConfig({ PORTOLAN_RATE_LIMIT: 'off' }).rateLimit, undefined)
})

t.test('a value that cannot be read is refused with what it must be', async (t) => {
  const values: readonly (readonly [string, string, string])[] = [
    ['PORTOLAN_PORT', '99999', 'a port from 1 to 65535, or 0 for a free one'],
    ['PORTOLAN_READ_ACCESS', 'everybody', 'one of public, key'],
    ['PORTOLAN_PUBLIC_URL', 'portolan.example', 'an http or https URL'],
    ['PORTOLAN_TRUST_PROXY', '10.0.0.0/8,proxy', 'addresses or CIDRs, separated by commas'],
    ['PORTOLAN_RATE_LIMIT', '0', 'a whole number from 1, or off'],
    ['PORTOLAN_RATE_LIMIT', 'none', 'a whole number from 1, or off'],
    ['PORTOLAN_CACHE_MB', '0', 'a whole number from 1 to 1000000'],
    ['PORTOLAN_UPCOMING_DAYS', '30,soon', 'whole numbers from 1 to 3650, separated by commas'],
    ['PORTOLAN_EGRESS_ALLOW', '10.0.0.0/8,intranet', 'addresses or CIDRs, separated by commas'],
    ['PORTOLAN_EGRESS_PORTS', '443,99999', 'ports from 1 to 65535, separated by commas, or *'],
    ['PORTOLAN_GRAPHIQL', 'perhaps', 'on or off'],
    ['PORTOLAN_MIGRATE', 'perhaps', 'on or off'],
    ['PORTOLAN_INTROSPECTION', 'perhaps', 'on or off'],
    ['PORTOLAN_TRUSTED_ONLY', 'perhaps', 'on or off']
  ]
  for (const [name, value, expected] of values)
    t.throws(
      () => readConfig({ [name]: value }),
      { code: 'invalid_parameter', message: `${name} must be ${expected}, got ${value}.` },
      name
    )
})

t.test('the URL of a store is not repeated, since it may hold a password', async (t) => {
  t.throws(() => readConfig({ PORTOLAN_DATABASE_URL: 'mysql://portolan:secret@db' }), {
    message: 'PORTOLAN_DATABASE_URL must be sqlite:PATH, sqlite::memory: or postgres://….'
  })
})

t.test('a proxy is a URL without a path, which is not repeated either', async (t) => {
  const proxy = (url: string) => readConfig({ PORTOLAN_EGRESS_PROXY: url }).egress.proxy
  t.equal(proxy('http://proxy.example:3128'), 'http://proxy.example:3128/')
  t.equal(proxy('http://user:p%40ss@[2001:db8::1]:3128/'), 'http://user:p%40ss@[2001:db8::1]:3128/')
  t.equal(proxy(''), undefined)
  for (const bad of [
    'proxy.example:3128',
    'https://secret@proxy.example',
    'http://secret@proxy.example/path',
    'socks5://x'
  ])
    t.throws(() => proxy(bad), { message: 'PORTOLAN_EGRESS_PROXY must be the URL of a proxy, http://HOST:PORT.' }, bad)
})

t.test('an empty value is the default, except where the table of options says what empty means', async (t) => {
  const empty = readConfig(Object.fromEntries(optionsIn(options).map(({ variable }) => [variable, ''])))
  const { catalogues: _, feeds: ____, publicUrl: __, trustedDocuments: ___, upcomingDays, ...others } = readConfig({})
  t.strictSame(upcomingDays, [30, 7, 1])
  t.strictSame(empty, { ...others, upcomingDays: [] })
})

t.test('lists are read with white space around their items, and days in descending order, each once', async (t) => {
  const { egress, upcomingDays } = readConfig({
    PORTOLAN_UPCOMING_DAYS: '1, 7,30,7',
    PORTOLAN_EGRESS_ALLOW: '10.0.0.0/8, 192.0.2.7',
    PORTOLAN_EGRESS_PORTS: '*'
  })
  t.strictSame(upcomingDays, [30, 7, 1])
  t.strictSame(egress, { allow: ['10.0.0.0/8', '192.0.2.7/32'], allowsHttp: false })
})

t.test('the configuration cannot be changed', async (t) => {
  const config = readConfig({})
  t.ok(Object.isFrozen(config))
  t.ok(Object.isFrozen(config.egress))
})

t.test('each variable may be read from a file, as container platforms hand secrets over', async (t) => {
  const folder = t.testdir({ url: 'sqlite:a.db\n', key: `${'ab'.repeat(32)}\n${'cd'.repeat(32)}\n` })
  const config = readConfig({
    PORTOLAN_DATABASE_URL_FILE: `${folder}/url`,
    PORTOLAN_SECRET_KEY_FILE: `${folder}/key`
  })
  t.equal(config.databaseUrl, 'sqlite:a.db')
  t.equal(config.secretKeys?.length, 2)
  t.throws(() => readConfig({ PORTOLAN_SECRET_KEY_FILE: `${folder}/none` }), {
    message: `PORTOLAN_SECRET_KEY_FILE names ${folder}/none, which cannot be read: there is no such file.`
  })
  t.throws(() => readConfig({ PORTOLAN_PORT: '1', PORTOLAN_PORT_FILE: `${folder}/url` }), {
    message: 'PORTOLAN_PORT and PORTOLAN_PORT_FILE are both set: set one of them.'
  })
})

t.test('a key that seals is 32 bytes, and is not repeated', async (t) => {
  t.throws(() => readConfig({ PORTOLAN_SECRET_KEY: 'hunter2' }), {
    message: /^PORTOLAN_SECRET_KEY must be 32 bytes in base64 or hex, as .* prints them\.$/
  })
  t.equal(readConfig({}).secretKeys, undefined)
})

t.test('a variable that there is not is refused with the nearest one, and without its value', async (t) => {
  const refused: readonly (readonly [string, string])[] = [
    ['PORTOLAN_PORTT', ': did you mean "PORTOLAN_PORT"?'],
    ['PORTOLAN_READ_ACESS', ': did you mean "PORTOLAN_READ_ACCESS"?'],
    ['PORTOLAN_SECRET_KEY_FIEL', ': did you mean "PORTOLAN_SECRET_KEY_FILE"?'],
    ['PORTOLAN_X_WHICH_NO_NAME_IS_CLOSE_TO', '; there are PORTOLAN_HOST, ']
  ]
  for (const [name, nearest] of refused)
    for (const value of ['hunter2', '']) {
      const message = messageOf(() => readConfig({ [name]: value }))
      t.ok(message.startsWith(`There is no variable ${name}${nearest}`), message)
      t.notMatch(message, 'hunter2')
    }
  t.doesNotThrow(() => readConfig({ PORTOLAN_TEST_SCALE: '1', PORTOLAN: 'x', OTHER: 'x' }))
  t.doesNotThrow(() =>
    requireKnownVariables({ PORTOLAN_URL: 'x', PORTOLAN_KEY_FILE: 'x', PORTOLAN_WEBHOOK_SECRET: 'x' })
  )
})

t.test('every variable that the documentation and the files of a deployment name is known', async (t) => {
  const folders = ['docs', 'deploy'].flatMap((folder) =>
    readdirSync(`${repository}/${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => `${entry.parentPath}/${entry.name}`)
  )
  const single = ['README.md', 'SECURITY.md', 'CHANGELOG.md', 'Dockerfile', 'docker-compose.yml']
  const files = [...folders, ...single.map((name) => `${repository}/${name}`)]
  const named = new Set(files.flatMap((file) => readFileSync(file, 'utf8').match(/\bPORTOLAN_[A-Z_]*[A-Z]\b/g) ?? []))
  t.ok(named.size > 30)
  for (const name of named) t.doesNotThrow(() => requireKnownVariables({ [name]: 'x' }), name)
})

function messageOf(fails: () => unknown): string {
  try {
    fails()
  } catch (error) {
    return error instanceof Error ? error.message : ''
  }
  return 'nothing was thrown'
}
