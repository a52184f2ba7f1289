import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { startApp } from '../support/app.ts'
import { portolan, seeded } from './support/portolan.ts'

type Test = Parameters<typeof startApp>[0] & Parameters<typeof seeded>[0]

/** A service on a seeded store, asked with a key of these scopes. */
async function asking(t: Test, ...scopes: Parameters<Awaited<ReturnType<typeof startApp>>['key']>) {
  const app = await startApp(t, { store: await openStore(`sqlite:${await seeded(t)}`), isSeeded: false })
  const url = await app.listen()
  const [, key = ''] = (await app.key(...scopes)).authorization.split(' ')
  const now = new Date(app.clock.now).toISOString()
  const run = (...words: string[]) => portolan(words, { now, environment: { PORTOLAN_URL: url, PORTOLAN_KEY: key } })
  const json = async (...words: string[]) => {
    const { output, error } = await run(...words, '--json')
    return JSON.parse(output === '' ? error : output)
  }
  return { url, run, json }
}

t.test('keys are made, listed, rotated and revoked over HTTP, within what the key that asks may give', async (t) => {
  const { url, run, json } = await asking(t, 'keys:manage', 'catalogue:read')
  const create = ['keys', 'create', '--name', 'build server', '--expires', '2040-01-01T00:00:00Z']
  const { id, key, scopes } = await json(...create, '--scope', 'catalogue:read')
  t.strictSame(scopes, ['catalogue:read'])
  const { items } = await json('keys', 'list')
  t.match(
    items.find((one: { id: string }) => one.id === id),
    { id, name: 'build server', expiresAt: '2040-01-01T00:00:00Z' }
  )
  t.match((await run('keys', 'list')).output, new RegExp(`${id} +build server +catalogue:read`))
  const asks = async (text: string) =>
    (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${text}` } })).status
  t.equal(await asks(key), 200)
  const rotated = await json('keys', 'rotate', id, '--overlap', 'PT0H')
  t.strictSame([await asks(key), await asks(rotated.key)], [401, 200])
  t.match(await run('keys', 'rotate', id), { code: 0, output: /^ptl_.*\n.* The one before is good until \d{4}-/ })
  t.strictSame(await run('keys', 'revoke', id), { code: 0, output: `Revoked the key ${id}.\n`, error: '' })
  t.match(await run(...create, '--scope', 'admin'), { code: 1, error: /admin/ }, 'nobody gives more than they have')
  t.match(await run('keys', 'revoke', 'nonsense'), { code: 1 })
  t.match(await run('keys', 'create', '--scope', 'catalogue:read'), { code: 2, error: /add --name/ })
})

t.test('a key without the scope is refused with the scope that it lacks, and no key at all with 1', async (t) => {
  const { url, run } = await asking(t, 'catalogue:read')
  t.match(await run('keys', 'list'), { code: 1, error: /keys:manage/ })
  t.match(await portolan(['--url', url, 'keys', 'list']), { code: 1, error: /^error: .*key/ })
})

t.test('subscriptions over HTTP are those of the key, and receivers are judged by the service', async (t) => {
  const { run, json } = await asking(t, 'subscriptions:write', 'catalogue:read')
  const words = (...all: string[]) => ['subscriptions', ...all]
  t.match(await run(...words('list')), { code: 0, output: 'There is no subscription.\n' })
  const { id, secret, owner } = await json(...words('create', 'https://93.184.215.14/hook', '--impact', 'closes'))
  t.match({ secret, owner }, { secret: /^whsec_/, owner: /./ })
  t.match((await json(...words('list'))).items, [{ id, filter: { impact: ['closes'] } }])
  t.match(await json(...words('change', id, '--ordering', 'none')), { ordering: 'none' })
  t.match(await run(...words('activate', id)), { code: 1, error: /./ }, 'only a key with admin may')
  t.match(await run(...words('ping', id)), { code: 0, output: `A ping to ${id} waits to be sent.\n` })
  t.not((await json(...words('rotate-secret', id))).secret, secret)
  t.match(await run(...words('pause', id)), { code: 0, output: `${id} is paused.\n` })
  t.match(await run(...words('replay', id, '--from', '1')), { output: /^Events 1 to \d+ wait|^There is nothing/ })
  t.match((await json(...words('deliveries', id, '--limit', '5'))).items, [])
  t.match(await run(...words('dead-letters', id)), { output: 'The receiver refused nothing.\n' })
  t.match(await json(...words('redrive', id)), { redriven: 0 })
  t.match(await run(...words('show', id)), { output: /state +paused/ })
  t.match(await run(...words('delete', id)), { code: 0, output: `Deleted ${id}.\n` })
  const refused = await run(...words('create', 'https://10.0.0.1/'))
  t.match(refused, { code: 1, error: /10\.0\.0\.1 is not a public address/ })
  t.notMatch(refused.error, 'This shell', 'its settings do not count')
  t.match(await run(...words('create', 'https://93.184.215.14/', '--owner', 'x')), {
    code: 2,
    error: /leave --owner out/
  })
})

t.test('a key is not sent without TLS to another machine, unless that is asked for', async (t) => {
  const asked = ['list', '--url', 'http://portolan.invalid', '--key', 'ptl_x']
  const refused = await portolan(asked)
  t.match(refused, { code: 2, output: '', error: /^warning: .*\nerror: http:\/\/portolan\.invalid has no TLS/ })
  t.notMatch(refused.error, 'ptl_x')
  t.match(await portolan([...asked, '--insecure']), { code: 3, error: /cannot be reached/ })
  t.match(await portolan(asked.slice(0, 3)), { code: 3 }, 'without a key there is nothing to read')
})

t.test('a service that is busy is asked three times, and then it is 3', async (t) => {
  let asked = 0
  const until = 3
  const url = await serving(t, () => {
    asked += 1
    return asked === until
      ? { status: 200, body: { items: [], page: { next: null } } }
      : { status: 503, body: { code: 'busy', detail: 'Too much at once.', title: 'Busy', status: 503 } }
  })
  t.match(await portolan(['list', '--url', url]), { code: 0 })
  t.equal(asked, 3)
  t.match(await portolan(['list', '--url', url]), { code: 3, error: /Too much at once/ })
  t.equal(asked, 6)
})

t.test('what would be done twice is not asked again where the service may have done it', async (t) => {
  let asked = 0
  const url = await serving(t, () => {
    asked += 1
    return { status: 503, body: { code: 'deadline_exceeded', detail: 'It took too long.', title: 'Late', status: 503 } }
  })
  const environment = { PORTOLAN_URL: url, PORTOLAN_KEY: 'ptl_x' }
  const made = await portolan(['keys', 'create', '--name', 'a', '--scope', 'catalogue:publish'], { environment })
  t.match(made, { code: 3, error: /It took too long/ })
  t.equal(asked, 1)
})

t.test('the newest deliveries are asked for, and not all pages behind them', async (t) => {
  const asked: (string | undefined)[] = []
  const url = await serving(t, (path) => {
    asked.push(path)
    const items = Array.from({ length: 1000 }, (_, index) => ({ at: `${asked.length}.${index}` }))
    const next = asked.length < 5 ? 'http://service.invalid/v1/subscriptions/a/deliveries?cursor=x' : null
    return { status: 200, body: { items, page: { next } } }
  })
  const printed = await portolan(['--url', url, 'subscriptions', 'deliveries', 'a', '--limit', '1500', '--json'])
  t.equal(JSON.parse(printed.output).items.length, 1500)
  t.strictSame(asked, ['/v1/subscriptions/a/deliveries?limit=1000', '/v1/subscriptions/a/deliveries?cursor=x'])
})

/** A service that answers at once with what it is told. @returns its URL */
async function serving(
  t: Test,
  answer: (path: string | undefined) => { readonly status: number; readonly body: object }
): Promise<string> {
  const server = createServer(({ url }, response) => {
    const { status, body } = answer(url)
    const type = status < 400 ? 'application/json' : 'application/problem+json'
    response.writeHead(status, { 'content-type': type, 'retry-after': '0' }).end(JSON.stringify(body))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  // A server that listens on a port has an address with a port.
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
