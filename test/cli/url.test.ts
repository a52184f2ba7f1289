import { readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { startService } from '../support/service.ts'
import {
  before,
  clearswift,
  issue,
  lastSecond,
  portolan,
  portolanProcess,
  retirement,
  seeded,
  temporary
} from './support/portolan.ts'

interface Served {
  readonly app: TestApp
  readonly address: string
  readonly now: string
}

type Test = Parameters<typeof startApp>[0] & Parameters<typeof temporary>[0]

async function serve(t: Test, store: string, options: Parameters<typeof startApp>[1] = {}): Promise<Served> {
  const app = await startApp(t, { store: await openStore(`sqlite:${store}`), isSeeded: false, ...options })
  return { app, address: await app.listen(), now: new Date(app.clock.now).toISOString() }
}

t.test('what is read over HTTP is printed as on a store', async (t) => {
  const store = await seeded(t)
  const { address, now } = await serve(t, store)
  const base = address.replace('127.0.0.1', 'localhost')
  const environment = { PORTOLAN_PUBLIC_URL: base }
  const clocks = ['--as-of', 'label:2.3', '--effective-at', lastSecond]
  const many = Array.from({ length: 1500 }, (_, index) => `9.${index >> 8}.${index & 255}.1`)
  const questions: readonly (readonly [line: string, input?: string])[] = [
    ['list'],
    [`list --as-of 2018-09-15T00:00:00Z --effective-at ${lastSecond}`],
    [`show ${clearswift}`],
    [`show ${clearswift} ${clocks.join(' ')} --status all --family ipv4 --port 80 --port 53`],
    [`show ${clearswift} --as-of 2018-09-15T00:00:00Z --external-id a:b`],
    [`requirements ${clearswift} ${clocks.join(' ')} --tag dns`],
    [`document ${clearswift}`],
    [`document ${clearswift} --as-of 1 --json`],
    [`revisions ${clearswift}`],
    [`diff ${clearswift}`],
    [`diff ${clearswift} 1 label:2.3`],
    [`diff ${clearswift} 2 2 --from-effective-at ${lastSecond} --to-effective-at ${retirement}`],
    [`change-pack ${clearswift} --from 1 --to label:2.3 --scope external --format csv`],
    [`change-pack ${clearswift} --at ${retirement} --format jira`],
    [`timeline ${clearswift}`],
    [`slices ${clearswift} --scope external`],
    [`export ${clearswift} nftables --lead P7D`],
    [`export ${clearswift} edl-ip --slice out-tcp-443 --as-of 1`],
    [`export ${clearswift} plain-ip --slice out-tcp-80 --report`],
    ['lookup 184.72.245.1'],
    [`lookup tcp/443 --effective-at ${lastSecond}`],
    ['search clearswift.net'],
    [`audit ${clearswift} --kind address --by either`, '184.72.245.1\n# a comment\nrepo.clearswift.net tcp/80\n??\n'],
    [`audit ${clearswift} --as-of 1`, '{"entries": ["184.72.245.1", {"value": "8.8.8.8", "port": "udp/53"}]}'],
    [`audit ${clearswift}`, many.join('\n')],
    ['events'],
    [`events --after 1 --type catalogue.revision_published --catalogue ${clearswift} --count 1`]
  ]
  for (const [line, input = ''] of questions)
    for (const json of [[], ['--json']]) {
      const argv = [...line.split(' '), ...json.filter(() => !/^(export|change-pack|document .*--json)/.test(line))]
      const local = await portolan(argv, { store, now, input, environment })
      const remote = await portolan([...argv, '--url', base], { now, input })
      t.equal(local.code, 0, argv.join(' '))
      t.strictSame(remote, local, argv.join(' '))
    }
})

t.test('more than a page is read to its end', async (t) => {
  const store = temporary(t, 'portolan.db')
  const endpoints = Array.from({ length: 2500 }, (_, index) => ({
    kind: 'host',
    value: `h${index}.example.net`
  }))
  const requirement = { key: 'web', title: 'Web', scope: 'internal', direction: 'outbound', necessity: 'required' }
  const document = (count: number) => ({
    ...{ id: 'large', title: 'Large', vendor: 'V', product: 'P', version: '1' },
    edition: { label: String(count), summary: 'x' },
    requirements: [{ ...requirement, services: [{ transport: 'tcp' }], endpoints: endpoints.slice(0, count) }]
  })
  const file = temporary(t, 'large.json')
  for (const count of [1, 2500]) {
    writeFileSync(file, JSON.stringify(document(count)))
    t.equal((await portolan(['publish', file], { store })).code, 0)
  }
  const { address, now } = await serve(t, store)
  for (const argv of [
    ['diff', 'large', '1', '2', '--json'],
    ['audit', 'large', '--json'],
    ['lookup', 'tcp/443', '--json']
  ]) {
    const local = await portolan(argv, { store, now })
    t.ok(local.output.length > 100_000)
    t.strictSame(await portolan([...argv, '--url', address], { now }), local, argv.join(' '))
  }
})

t.test('publishing over HTTP tells the same as on a store', async (t) => {
  const [here, there] = [temporary(t, 'here.db'), temporary(t, 'there.db')]
  const { app, address, now } = await serve(t, there)
  const [, key = ''] = (await app.key('catalogue:publish', 'catalogue:override')).authorization.split(' ')
  const asked = { now, environment: { PORTOLAN_URL: address, PORTOLAN_KEY: key } }
  const next = temporary(t, 'next.yaml')
  const text = readFileSync(issue, 'utf8')
    .replace(/ {2}publishedAt: .*\n/, '')
    .replace('label: "2.3"', 'label: "2.4"')
  writeFileSync(next, text)
  const gutted = temporary(t, 'gutted.yaml')
  writeFileSync(
    gutted,
    text.replace('label: "2.4"', 'label: "3"').replace(/value: 79\.125\.18\.99/, 'value: 79.125.18.98')
  )
  const faulty = temporary(t, 'faulty.yaml')
  writeFileSync(faulty, text.replace('ports: [53]', 'ports: [0]'))
  const override = ['--override', 'unannounced_removal', '--reason', 'it was wrong']
  const steps: readonly (readonly [code: number, ...argv: string[]])[] = [
    [0, 'publish', before, '--dry-run'],
    [0, 'publish', before],
    [0, 'publish', before],
    [0, 'publish', issue],
    [0, 'publish', next, '--dry-run'],
    [0, 'publish', next],
    [0, 'publish', next, '--dry-run'],
    [1, 'publish', gutted],
    [1, 'publish', faulty],
    [0, 'publish', gutted, ...override],
    [1, 'restore', clearswift, '9', '--reason', 'back'],
    [0, 'restore', clearswift, '3', '--reason', 'back', '--dry-run', ...override],
    [0, 'restore', clearswift, '3', ...override]
  ]
  for (const [code, ...argv] of steps) {
    const local = await portolan(argv, { store: here, now })
    t.equal(local.code, code, local.error)
    t.strictSame(await portolan(argv, asked), local, argv.join(' '))
  }
  t.match(await portolan(['publish', next, '--author', 'Ada'], asked), { code: 2, error: /leave --author out/ })
  const keyless = { now, environment: { PORTOLAN_URL: address } }
  t.match(await portolan(['publish', next], keyless), { code: 1, error: /^error: .*key/ })
})

t.test('what is refused over HTTP has the words and the exit code that it has on a store', async (t) => {
  const store = await seeded(t)
  const { address, now } = await serve(t, store)
  for (const [code, ...argv] of [
    [1, 'show', 'clearswift-exchange-gatway-4.8'],
    [1, 'export', 'nothing-near', 'csv'],
    [1, 'show', clearswift, '--as-of', '9'],
    [1, 'show', clearswift, '--as-of', '2017-01-01T00:00:00Z'],
    [1, 'export', clearswift, 'edl-ip'],
    [1, 'export', clearswift, 'edl-ip', '--slice', 'out-tcp-1'],
    [1, 'events', '--after', '999']
  ] as const) {
    const local = await portolan(argv, { store, now })
    t.equal(local.code, code)
    t.strictSame(await portolan([...argv, '--url', address], { now }), local, argv.join(' '))
  }
})

t.test('which of store and service is meant', async (t) => {
  const store = await seeded(t)
  const { address } = await serve(t, store, { readAccess: 'key' })
  t.match(await portolan(['--store', address, 'list']), { code: 2, error: /It names a service: give --url with it/ })
  const both = await portolan(['list', '--store', `sqlite:${store}`, '--url', address])
  t.match(both, { code: 2, error: /cannot be used with/ })
  const environment = { PORTOLAN_URL: address }
  t.match(await portolan(['list'], { environment, store }), { code: 1, error: /key/ })
  t.match(await portolan(['list', '--store', `sqlite:${store}`], { environment }), { code: 0, output: clearswift })
  for (const line of ['verify', 'migrate'])
    t.match(await portolan(line.split(' '), { environment, store }), { code: 2, error: /works on a store/ }, line)
  t.match(await portolan(['list', '--url', 'localhost:8080']), { code: 2, error: /must be an http or https URL/ })
  t.equal((await portolan(['validate', before], { environment })).code, 0, 'what needs neither asks neither')
})

t.test('what is no service of ours is said, and no key goes where it sends', async (t) => {
  const seen: (string | undefined)[] = []
  const server = createServer(({ url = '', headers }, response) => {
    seen.push(headers.authorization)
    if (url.startsWith('/moved')) response.writeHead(301, { location: 'http://127.0.0.1:1/elsewhere' }).end()
    else if (url.startsWith('/bare')) response.writeHead(502).end()
    else response.writeHead(200, { 'content-type': 'text/html' }).end('<html>')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => void server.close())
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo
  const ask = (path: string) => portolan(['list', '--url', `http://127.0.0.1:${port}${path}`, '--key', 'ptl_x'])
  t.match(await ask(''), { code: 3, error: /answers 200 with text\/html: is it the base URL of Portolan\?/ })
  t.match(await ask('/bare'), { code: 3, error: /answers 502 and does not say why/ })
  t.match(await ask('/moved'), { code: 3, error: /redirects to http:\/\/127\.0\.0\.1:1\/elsewhere: give --url/ })
  const closed = `http://127.0.0.1:${await closedPort()}`
  t.match(await portolan(['list', '--url', closed]), { code: 3, error: /cannot be reached: .*ECONNREFUSED/ })
  t.strictSame(seen, ['Bearer ptl_x', 'Bearer ptl_x', 'Bearer ptl_x'])
})

/** A port on which nobody listens any more. */
async function closedPort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

t.test('as processes: a service, and shells that read, publish and follow', async (t) => {
  const store = temporary(t, 'portolan.db')
  const service = await startService({ PORTOLAN_DATABASE_URL: `sqlite:${store}`, PORTOLAN_CATALOGUES: '' })
  t.teardown(() => service.stop())
  const created = await portolan(['keys', 'create', '--scope', 'catalogue:publish', '--json'], { store })
  const { key } = JSON.parse(created.output)
  const environment = { PORTOLAN_URL: service.address }
  const following = portolanProcess(['events', '--follow', '--count', '2'], { environment })
  const [empty, refused, usage, unreachable] = await Promise.all([
    portolanProcess(['list'], { environment }),
    portolanProcess(['publish', before], { environment }),
    portolanProcess(['list', '--nonsense'], { environment }),
    portolanProcess(['list', '--url', `http://127.0.0.1:${await closedPort()}`])
  ])
  t.match(empty, { code: 0, output: 'There is no catalogue.\n', error: '' })
  t.match(refused, { code: 1, output: '', error: /^error: / })
  t.match(usage, { code: 2, output: '' })
  t.match(unreachable, { code: 3, output: '', error: /cannot be reached/ })
  for (const file of [before, issue])
    t.match(await portolanProcess(['publish', file, '--key', key], { environment }), { code: 0, output: /^Published/ })
  const { code, output } = await following
  t.equal(code, 0)
  t.match(output, /^1 {2}\S+ {2}catalogue\.created .*\n2 {2}\S+ {2}catalogue\.revision_published .*\n$/)
})
