import { readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import t from 'tap'
import { readMirror } from '../../src/delivery/file-mirror.ts'
import { list, startProvider, status } from '../delivery/support/provider.ts'
import { startApp } from '../support/app.ts'
import { portolan } from './support/portolan.ts'

const feed = {
  id: 'feed.example',
  adapter: 'text',
  url: 'https://lists.example/a.txt',
  every: 'PT15M',
  everyMs: 900_000,
  lingerMs: 0,
  settleMs: 0
} as const

t.test('feeds are shown and fetched over HTTP, and nowhere else', async (t) => {
  const fetched: string[] = []
  const poller = {
    counters: new Map(),
    fetchNow: async ({ id }: { readonly id: string }) => void fetched.push(id)
  }
  const app = await startApp(t, { isSeeded: false, feeds: [feed], poller })
  const address = await app.listen()
  const key = (await app.key('feed:write')).authorization.replace('Bearer ', '')
  const environment = { PORTOLAN_URL: address, PORTOLAN_KEY: key }
  t.match(await portolan(['feeds', 'list'], { environment }), { code: 0, output: /feed\.example +new/ })
  t.match(await portolan(['feeds', 'show', feed.id], { environment }), { code: 0, output: /"state":"new"/ })
  t.match(await portolan(['feeds', 'fetch', feed.id], { environment }), { code: 0 })
  t.strictSame(fetched, [feed.id])
  t.match(await portolan(['feeds', 'held', feed.id], { environment }), { code: 1, error: /Nothing of the feed/ })
  t.match(await portolan(['feeds', 'accept', feed.id, '--reason', 'no'], { environment }), { code: 1 })
  t.match(await portolan(['feeds', 'list']), { code: 2, error: /name it with --url/ })
})

t.test(
  'a list is carried from a machine with a network to one without: the mirror takes the newest file',
  async (t) => {
    const folder = t.testdir({ feeds: {}, carried: {} })
    const provider = await startProvider(t, list('185.155.104.1\n185.155.104.2\n', '"1"'))
    const yaml = `id: feed.example\nadapter: text\nurl: ${provider.origin}/lists/a.txt?key=secret\nevery: PT15M\n`
    writeFileSync(join(folder, 'feeds', 'example.yaml'), yaml)
    const environment = {
      PORTOLAN_FEEDS: join(folder, 'feeds'),
      PORTOLAN_EGRESS_ALLOW: '127.0.0.1/32',
      PORTOLAN_EGRESS_PORTS: '*',
      PORTOLAN_ALLOW_HTTP: 'true'
    }
    const to = join(folder, 'carried')
    const fetchAt = (now: string, id: string = feed.id) =>
      portolan(['feeds', 'fetch', id, '--to', to], { environment, now })
    const first = join(to, 'feed.example.20261124T120000Z.txt')
    t.strictSame(await fetchAt('2026-11-24T12:00:00Z'), { code: 0, output: `Written: ${first}\n`, error: '' })
    provider.answer = list('185.155.104.3 # the newest\r\n', '"2"')
    t.match(await fetchAt('2026-11-25T12:00:00Z'), { code: 0 })
    t.strictSame(readdirSync(to), ['feed.example.20261124T120000Z.txt', 'feed.example.20261125T120000Z.txt'])
    const newest = await readMirror(pathToFileURL(to).href)
    t.equal('bytes' in newest && Buffer.from(newest.bytes).toString(), '185.155.104.3 # the newest\r\n', 'unchanged')
    provider.answer = status(500)
    t.match(await fetchAt('2026-11-26T12:00:00Z'), { code: 1, error: /the source answered 500/ })
    t.match(await fetchAt('2026-11-26T12:00:00Z', 'feed.exmaple'), { code: 1, error: /feed\.example/ })
    t.equal(readdirSync(to).length, 2)
  }
)
