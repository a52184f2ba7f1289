import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { portolan, temporary } from './cli/support/portolan.ts'
import { startReceiver } from './delivery/support/receiver.ts'
import { clearswift, clearswiftPath } from './support/app.ts'
import { documentInput } from './support/document.ts'
import { eventually } from './support/eventually.ts'
import { startService } from './support/service.ts'

// Processes: slow on a loaded machine.
t.setTimeout(300_000)

const feed = 'feed.aws-ip-ranges'

/** A list of AWS, with some of its rows as they were. */
function awsList(syncToken: number, prefixes: readonly string[]): string {
  const createDate = new Date(syncToken * 1000).toISOString().slice(0, 19).replace(/[T:]/g, '-')
  const row = (ip_prefix: string) => ({
    ip_prefix,
    region: 'eu-west-1',
    service: 'EC2',
    network_border_group: 'eu-west-1'
  })
  const ipv6 = { ipv6_prefix: '2a05:d018::/35', region: 'eu-west-1', service: 'EC2', network_border_group: 'eu-west-1' }
  return JSON.stringify({
    syncToken: String(syncToken),
    createDate,
    prefixes: prefixes.map(row),
    ipv6_prefixes: [ipv6]
  })
}

t.test('the list of a provider moves: who subscribed hears it, and the firewall of the product follows', async (t) => {
  const store = temporary(t, 'portolan.db')
  const folder = t.testdir({ feeds: {}, lists: {} })
  const file = join(folder, 'lists', 'ip-ranges.json')
  const old = ['52.16.0.0/15', '54.72.0.0/15']
  writeFileSync(file, awsList(1_700_000_000, old))
  writeFileSync(
    join(folder, 'feeds', 'aws.yaml'),
    `id: ${feed}\nadapter: aws\nmirror: ${pathToFileURL(file)}\nevery: P1D\n`
  )
  const service = await startService({
    PORTOLAN_DATABASE_URL: `sqlite:${store}`,
    PORTOLAN_FEEDS: join(folder, 'feeds'),
    PORTOLAN_EGRESS_ALLOW: '127.0.0.0/8',
    PORTOLAN_EGRESS_PORTS: '*',
    PORTOLAN_ALLOW_HTTP: 'on',
    PORTOLAN_LOG_LEVEL: 'warn'
  })
  t.teardown(() => service.stop('SIGKILL'))
  const scopes = ['subscriptions:write', 'catalogue:publish', 'feed:write'].flatMap((scope) => ['--scope', scope])
  const { key } = JSON.parse((await portolan(['keys', 'create', ...scopes, '--json'], { store })).output)
  const ask = async (method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(new URL(path, service.address), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers
      },
      ...(body !== undefined && { body: JSON.stringify(body) })
    })
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  }
  const json = async (...asked: Parameters<typeof ask>) => JSON.parse((await ask(...asked)).text)
  const get = (path: string, headers?: Readonly<Record<string, string>>) => ask('GET', path, undefined, headers)
  const fetchFeed = () => json('POST', `/v1/feeds/${feed}/fetch`)
  await eventually('the key is known', async () => (await get('/v1/me')).status === 200)
  await eventually('the list is fetched', async () => (await get(`/v1/catalogues/${feed}`)).status === 200)

  // A receiver subscribes to the product and to the list that it refers to.
  const receiver = await startReceiver(t)
  const { id } = await json('POST', '/v1/subscriptions', { url: receiver.url, catalogues: [clearswift, feed] })
  await json('POST', `/v1/subscriptions/${id}/ping`)
  const subscription = () => json('GET', `/v1/subscriptions/${id}`)
  await eventually('it is active', async () => (await subscription()).state === 'active')
  const events = () => receiver.received.map(({ event }) => event).filter(({ seq }) => seq !== undefined)

  const lists = ['plain-ip', 'nftables'].map(
    (format) =>
      `${clearswiftPath}/exports/${format}?requirement=service-availability-list&slice=out-tcp-80&resolve=feeds`
  )
  const readLists = () => Promise.all(lists.map((path) => get(path)))
  const tagOf = ({ headers }: { readonly headers: Headers }) => headers.get('etag') ?? ''
  const before = await readLists()
  for (const { text } of before) {
    t.match(text, '52.16.0.0/15')
    t.notMatch(text, '52.208.0.0/13')
  }
  const mementos = before.map(({ headers }) => /<([^>]+)>; rel="memento"/.exec(headers.get('link') ?? '')?.[1] ?? '')
  for (const memento of mementos) t.match(memento, `feedsAsOf=${feed}%3A1`)

  // Another catalogue, and a list that says the same under a new token, move nothing.
  await ask('PUT', '/v1/catalogues/product-1/document', documentInput(), { 'if-none-match': '*' })
  writeFileSync(file, awsList(1_700_003_600, [...old].reverse()))
  t.match(await fetchFeed(), { lastFetch: { outcome: 'unchanged' } })
  for (const [index, path] of lists.entries()) {
    const tag = before[index] ? tagOf(before[index]) : ''
    t.equal((await get(path, { 'if-none-match': tag })).status, 304)
  }

  // The list moves.
  writeFileSync(file, awsList(1_700_007_200, ['52.16.0.0/15', '52.208.0.0/13']))
  t.match(await fetchFeed(), { lastFetch: { outcome: 'published' } })
  await eventually('the receiver hears it', async () => events().length > 0)
  t.match(events(), [
    {
      type: 'catalogue.revision_published',
      catalogue: feed,
      revision: { number: 2 },
      counts: { added: 1, removed: 0, changed: 1 }
    }
  ])
  const after = await readLists()
  for (const [index, answer] of after.entries()) {
    t.match(answer.text, '52.208.0.0/13', 'what is new is open at once')
    t.match(answer.text, '54.72.0.0/15', 'what left the list stays open as long as it lingers')
    t.not(tagOf(answer), before[index] && tagOf(before[index]))
    t.equal(answer.headers.get('portolan-revision'), before[index]?.headers.get('portolan-revision'))
    t.equal((await get(mementos[index] ?? '')).text, before[index]?.text, 'the pinned URL gives the same bytes')
  }
  const ended = new Date(Date.now() + 30 * 86_400_000).toISOString()
  t.notMatch((await get(`${lists[0]}&effectiveAt=${ended}`)).text, '54.72.0.0/15')

  const { items } = await json('GET', '/v1/lookup?value=52.208.0.9')
  t.match(items, [
    { catalogue: clearswift, requirement: { key: 'service-availability-list' }, endpoint: { basis: 'feed' } },
    { catalogue: feed, requirement: { key: 'ec2.eu-west-1' }, match: 'covers' }
  ])
})
