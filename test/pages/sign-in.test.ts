import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'
import { narrowedKey } from './support/narrowed-key.ts'

const first = `/c/${clearswift}`
const form = { 'content-type': 'application/x-www-form-urlencoded' }

t.test('where reads need a key, a page asks for it and says nothing else', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  for (const url of ['/', first, '/c/none', `${first}?effectiveAt=2018-11-22`]) {
    const page = await openPage(app, url)
    t.equal(page.status, 401)
    t.notMatch(page.headers['www-authenticate'], /Basic/)
    t.equal(page.root.querySelectorAll('input[type=password][name=key]').length, 1)
    t.notMatch(page.html.replace(/name="next" value="[^"]*"/, ''), /clearswift/i)
  }
  t.match(await app.request({ url: first }), {
    statusCode: 401,
    headers: { 'content-type': 'application/problem+json', 'www-authenticate': /Basic/ }
  })
})

t.test('a good key goes into a cookie that opens pages, and nothing else', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const { authorization } = await app.key('catalogue:read')
  const key = authorization.replace('Bearer ', '')
  const payload = new URLSearchParams({ key, next: `${first}?asOf=2` }).toString()
  const answer = await app.request({ method: 'POST', url: '/sign-in', headers: form, payload })
  t.match(answer, { statusCode: 303, headers: { location: `${first}?asOf=2` } })
  t.equal(answer.headers['set-cookie'], `portolan-key=${key}; Path=/; HttpOnly; Secure; SameSite=Strict`)
  const cookie = `portolan-key=${key}`
  const page = await openPage(app, first, { cookie })
  t.match(page, { status: 200, headers: { 'cache-control': /^private/, vary: /cookie/ } })
  t.ok(page.root.querySelector('form[action=/sign-out]'))
  t.equal((await app.request({ url: `/v1/catalogues/${clearswift}`, headers: { cookie } })).statusCode, 401)
  const graphql = { method: 'POST', url: '/graphql', payload: { query: '{ __typename }' } } as const
  t.equal((await app.request({ ...graphql, headers: { cookie } })).statusCode, 401)
  const out = await app.request({ method: 'POST', url: '/sign-out', headers: { ...form, cookie } })
  t.match(out, { statusCode: 303, headers: { 'set-cookie': /^portolan-key=; Max-Age=0; Path=\// } })
})

t.test('a bad key gets the page again, with a sentence and no cookie', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const payload = 'key=ptl_wrong&next=%2F'
  const headers = { ...form, accept: 'text/html' }
  const answer = await app.request({ method: 'POST', url: '/sign-in', headers, payload })
  t.match(answer, { statusCode: 401, body: /The key is unknown, expired or revoked/ })
  t.equal(answer.headers['set-cookie'], undefined)
  const { authorization } = await app.key('metrics:read')
  const other = `key=${authorization.replace('Bearer ', '')}`
  t.equal((await app.request({ method: 'POST', url: '/sign-in', headers, payload: other })).statusCode, 403)
})

t.test('a form leads only to paths of this host, and comes only from its pages', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const { authorization } = await app.key('catalogue:read')
  const key = authorization.replace('Bearer ', '')
  for (const next of ['//evil.example', 'https://evil.example/', '/\\evil.example', 'evil', '/\t/evil.example']) {
    const payload = new URLSearchParams({ key, next }).toString()
    const answer = await app.request({ method: 'POST', url: '/sign-in', headers: form, payload })
    t.equal(answer.headers.location, '/', next)
  }
  for (const [name, value] of [
    ['origin', 'https://evil.example'],
    ['sec-fetch-site', 'cross-site']
  ] as const)
    t.match(
      await app.request({
        method: 'POST',
        url: '/sign-in',
        headers: { ...form, [name]: value },
        payload: `key=${key}`
      }),
      { statusCode: 403, body: /cross_site/ }
    )
})

t.test('a key that is narrowed opens the pages of its catalogues only', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const cookie = `portolan-key=${await narrowedKey(app, ['feed.*'])}`
  t.equal((await openPage(app, first, { cookie })).status, 404)
  t.notMatch((await openPage(app, '/', { cookie })).html, /clearswift/i)
})
