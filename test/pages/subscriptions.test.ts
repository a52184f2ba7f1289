import t from 'tap'
import { startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'

const cookieOf = ({ authorization }: { readonly authorization: string }) => ({
  cookie: `portolan-key=${authorization.slice('Bearer '.length)}`
})

t.test('a key sees its subscriptions, and what was sent to each, and nobody keeps the page', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const key = await app.key('catalogue:read', 'subscriptions:write')
  t.match((await openPage(app, '/subscriptions', cookieOf(key))).text, 'This key has no subscription.')
  const made = await app.request({
    method: 'POST',
    url: '/v1/subscriptions',
    headers: key,
    payload: { url: 'https://receiver.example/<script>', description: '"><script>alert(1)</script>' }
  })
  t.equal(made.statusCode, 201, made.body)
  const { headers, root, text } = await openPage(app, '/subscriptions', cookieOf(key))
  t.match(headers, { 'cache-control': 'no-store' })
  t.match(text, '"><script>alert(1)</script>')
  t.equal(root.querySelectorAll('script:not([src])').length, 0)
  const one = await openPage(app, root.querySelector('main th a')?.getAttribute('href') ?? '', cookieOf(key))
  t.match(one.text, 'State: pending')
  t.match(one.text, 'Nothing was sent')
  const other = cookieOf(await app.key('catalogue:read', 'subscriptions:write'))
  t.equal((await openPage(app, root.querySelector('main th a')?.getAttribute('href') ?? '', other)).status, 404)
})

t.test('another key may not see it, and without one the page asks for it', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  t.equal((await openPage(app, '/subscriptions', cookieOf(await app.key('catalogue:read')))).status, 403)
  t.equal((await openPage(app, '/subscriptions')).status, 401)
})
