import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import t from 'tap'
import { before, clearswift, portolan, temporary } from './support/portolan.ts'

t.test('wrong usage: one line, and 2', async (t) => {
  const lines: readonly (readonly [string, RegExp])[] = [
    ['nonsense', /unknown command 'nonsense'/],
    ['list --jsn', /unknown option '--jsn' \(Did you mean --json\?\)/],
    ['list extra', /too many arguments/],
    ['show', /missing required argument 'id'/],
    ['show x --as-of', /argument missing/],
    ['show x --as-of 2018-11-22', /'--as-of <revision>' .*is a bare date/],
    ['show x --effective-at 2018-11-22T00:00:00', /'--effective-at <instant>' .*has no offset/],
    ['list --as-of 2', /'--as-of <instant>'/],
    ['show x --status gone', /must be one of planned, active, retiring, retired, all/],
    ['show x --port 65536', /must be a whole number from 1 to 65535/],
    ['show x --external-id cmdb', /must be namespace:value/],
    ['diff x 1 yesterday', /^error: 'yesterday' is invalid for argument 'to'/],
    ['document x --json --yaml', /cannot be used with/],
    ['lookup', /missing required argument 'value'/],
    ['lookup 443', /looked up with its transport/],
    ['validate', /missing required argument 'file'/],
    ['validate nowhere.yaml', /there is no file nowhere\.yaml/],
    ['show x --as-of 2.3', /If it is a label, write label:2\.3/],
    ['validate -', /^error: the standard input needs --format yaml or --format json\n/],
    ['validate x.txt', /x\.txt ends neither in \.yaml nor in \.json: add --format/],
    ['validate x.yaml --format toml', /Allowed choices are yaml, json/],
    [`publish ${before} --override everything`, /must be one of catalogue_emptied/],
    ['restore x 1', /required option '--reason <text>'/],
    ['restore x zero --reason y', /argument 'number'/],
    ['keys create', /needs --scope with one or more of catalogue:read/],
    ['keys create --scope root', /must be one of catalogue:read/],
    ['keys create --scope admin --expires 2020-01-01T00:00:00Z', /is in the past/],
    ['serve --nonsense', /unknown option '--nonsense'/],
    ['serve extra', /too many arguments/],
    ['--url http://127.0.0.1:1 serve', /serve runs a service here, and asks none: give no --url/],
    ['serve --key ptl_x', /serve runs a service here, and asks none: give no --url and no --key/],
    ['serve --port 70000', /'--port <port>' .*must be a port from 1 to 65535/],
    ['--url http://127.0.0.1:1 backup copy.db', /^error: backup works on a store, and not over HTTP/],
    ['--url http://127.0.0.1:1 verify', /^error: verify works on a store/],
    ['--store mysql://localhost list', /'--store <url>' .*must be sqlite:PATH/]
  ]
  for (const [line, message] of lines) {
    const { code, output, error } = await portolan(line.split(' '))
    t.equal(code, 2, line)
    t.equal(output, '', line)
    t.match(error, message, line)
    t.match(error, /^error: .*\n$/, line)
  }
  t.match(await portolan(['restore', 'x', '1', '--reason', ' ']), { code: 2, error: /is blank/ })
  t.match(await portolan(['list'], { environment: { PORTOLAN_CACHE_MB: 'much' } }), {
    code: 2,
    error: /PORTOLAN_CACHE_MB/
  })
  const environment = { PORTOLAN_KEYY: 'ptl_secret' }
  for (const line of [['list'], ['validate', before], ['--url', 'http://127.0.0.1:1', 'list']])
    t.strictSame(await portolan(line, { environment }), {
      code: 2,
      output: '',
      error: 'error: There is no variable PORTOLAN_KEYY: did you mean "PORTOLAN_KEY"?\n'
    })
  t.strictSame(
    await portolan(['list'], { environment: { PORTOLAN_URL: 'http://127.0.0.1:1', PORTOLAN_KEY_FILE: '/nope' } }),
    {
      code: 2,
      output: '',
      error: 'error: PORTOLAN_KEY_FILE names /nope, which cannot be read: there is no such file.\n'
    }
  )
})

t.test('it says which version it is, which catalogue is near, and which option is missing', async (t) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'))
  const told = `portolan ${version}, Node ${process.versions.node}`
  const postgres = { environment: { PORTOLAN_DATABASE_URL: 'postgres://127.0.0.1:1/portolan' } }
  t.strictSame(await portolan(['--version']), { code: 0, output: `${told}, sqlite\n`, error: '' })
  t.match(await portolan(['--version'], postgres), { code: 0, output: `${told}, postgres\n` })
  const store = temporary(t, 'near.db')
  await portolan(['publish', before], { store })
  const wrong = await portolan(['show', clearswift.replace('clearswift', 'ClearSwift')], { store })
  t.match(wrong, { code: 1, error: `did you mean "${clearswift}"?` })
  t.match((await portolan(['export', clearswift, 'edl-ip'], { store })).error, /Add --slice with one of .*--slice all/)
})

t.test('every command has help with an example', async (t) => {
  const commands = ['validate', 'publish', 'restore', 'list', 'show', 'requirements', 'document', 'revisions', 'diff']
  const more = [
    'serve',
    'timeline',
    'lookup',
    'audit',
    'keys create',
    'keys list',
    'keys revoke',
    'verify',
    'migrate',
    'backup',
    'restore-backup',
    'copy'
  ]
  for (const command of [...commands, ...more]) {
    const { code, output, error } = await portolan([...command.split(' '), '--help'])
    t.equal(code, 0)
    t.equal(error, '')
    t.match(output, new RegExp(`\\nExamples?:\\n {2}\\$ portolan ${command} ?`), command)
    t.match(output, '--store <url>')
  }
  t.match(await portolan(['--help']), { code: 0, output: /Exit codes: 0 success, 1 refused/ })
  t.match(await portolan([]), { code: 2, error: /^Usage: portolan/ })
})

t.test('--store goes before the variable, and before the file that one names', async (t) => {
  const store = `sqlite:${temporary(t, 'a.db')}`
  for (const environment of [{ PORTOLAN_DATABASE_URL: 'sqlite:/nope/a.db' }, { PORTOLAN_DATABASE_URL_FILE: '/nope' }])
    t.match(await portolan(['list', '--store', store], { environment }), {
      code: 3,
      error: /There is no store at .*a\.db:/
    })
})

t.test('serve starts the service, and its help only tells of it', async (t) => {
  t.strictSame(await portolan(['serve']), { code: 0, output: 'The service starts with {}.\n', error: '' })
  const options = ['serve', '--port', '0', '--host', '::1', '--store', 'sqlite:a.db']
  const variables = { PORTOLAN_PORT: '0', PORTOLAN_HOST: '::1', PORTOLAN_DATABASE_URL: 'sqlite:a.db' }
  t.equal((await portolan(options)).output, `The service starts with ${JSON.stringify(variables)}.\n`)
  const terminal = await portolan(['serve'], { isTerminal: true })
  t.equal(
    terminal.output,
    'The service starts with {"PORTOLAN_LOG_LEVEL":"warn"}.\n',
    'who sees a terminal reads no log'
  )
  const environment = { PORTOLAN_LOG_LEVEL: 'info' }
  t.equal((await portolan(['serve'], { isTerminal: true, environment })).output, 'The service starts with {}.\n')
  const ofFiles = { PORTOLAN_DATABASE_URL_FILE: '/run/url', PORTOLAN_LOG_LEVEL_FILE: '/run/level' }
  t.equal(
    (await portolan(['serve', '--store', 'sqlite:a.db'], { isTerminal: true, environment: ofFiles })).output,
    'The service starts with {"PORTOLAN_DATABASE_URL":"sqlite:a.db","PORTOLAN_DATABASE_URL_FILE":""}.\n',
    'an option goes before the file that a variable names, and that before what is usual at a terminal'
  )
  t.notMatch((await portolan(['serve', '--help'])).output, 'The service starts')
  t.match((await portolan(['--help'])).output, /^ {2}serve .*Runs the service/m)
})

t.test('a password in --url is wrong usage, and is not repeated', async (t) => {
  for (const url of ['http://user:hunter2@127.0.0.1:1', 'ftp://user:hunter2@host', 'user:hunter2@host']) {
    const { code, output, error } = await portolan(['--url', url, 'list'])
    t.match({ code, output }, { code: 2, output: '' }, url)
    t.notMatch(error, 'hunter2')
    t.match(error, /^error: .*--url.*\n$/)
  }
  t.match(await portolan(['--store', 'mysql://user:hunter2@host/db', 'list']), {
    code: 2,
    error: /'…@host\/db' is invalid/
  })
  const ofVariable = await portolan(['list'], { environment: { PORTOLAN_URL: 'http://user:hunter2@127.0.0.1:1' } })
  t.match(ofVariable, { code: 2, output: '', error: /^error: PORTOLAN_URL must be / })
  t.notMatch(ofVariable.error, 'hunter2')
})

t.test('a store that cannot be reached: 3', async (t) => {
  const missing = temporary(t, 'missing.db')
  const reads = [
    'list',
    'show x',
    'requirements x',
    'document x',
    'revisions x',
    'diff x',
    'timeline x',
    'lookup 192.0.2.1',
    'audit x'
  ]
  for (const line of [...reads, 'restore x 1 --reason y']) {
    const { code, error } = await portolan(line.split(' '), { store: missing })
    t.equal(code, 3, line)
    t.equal(
      error,
      `error: There is no store at ${missing}: the first publish creates one, and --store or PORTOLAN_DATABASE_URL names another one.\n`
    )
  }
  t.notOk(existsSync(missing), 'nothing was made in silence')
  t.match(JSON.parse((await portolan(['list', '--json'], { store: missing })).error), {
    code: 'not_ready'
  })

  const garbage = temporary(t, 'garbage.db')
  writeFileSync(garbage, 'this is no database, and never was one')
  t.match(await portolan(['list'], { store: garbage }), {
    code: 3,
    error: /^error: The store cannot be opened: .*\n$/
  })
  const folder = temporary(t, 'folder.db')
  mkdirSync(folder)
  t.equal((await portolan(['publish', before], { store: folder })).code, 3)
  t.equal((await portolan(['--store', 'postgres://127.0.0.1:1/portolan', 'list'])).code, 3)
})

t.test('--store goes before the environment, on either side of the command', async (t) => {
  const store = temporary(t, 'portolan.db')
  t.equal((await portolan(['--store', `sqlite:${store}`, 'publish', before])).code, 0)
  t.match((await portolan(['list', '--store', `sqlite:${store}`])).output, clearswift)
})
