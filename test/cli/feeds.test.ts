import t from 'tap'
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
