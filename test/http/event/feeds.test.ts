import ICAL from 'ical.js'
import Parser from 'rss-parser'
import t from 'tap'
import { catalogueFile, clearswiftPath, startApp, type TestApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const paths = {
  'application/atom+xml; charset=utf-8': [`${clearswiftPath}/feed.atom`, '/v1/feed.atom'],
  'text/calendar; charset=utf-8': [`${clearswiftPath}/calendar.ics`, '/v1/calendar.ics']
}
const all = Object.values(paths).flat()

/** The first catalogue as it was published in its time. */
async function startIn2018(t: Parameters<typeof startApp>[0]): Promise<TestApp> {
  const app = await startApp(t, { isSeeded: false, now: '2018-10-02T00:00:00Z' })
  for (const file of ['1-pre-2.3.yaml', '2-2.3.yaml']) {
    await app.request({
      method: 'PUT',
      url: `${clearswiftPath}/document`,
      headers: {
        'content-type': 'application/yaml',
        ...(await app.key('catalogue:publish')),
        ...(file.startsWith('1') ? { 'if-none-match': '*' } : { 'if-match': '*' })
      },
      payload: catalogueFile(file)
    })
  }
  return app
}

t.test('where there are pages, entries of feeds and calendars lead to them', async (t) => {
  const page = `${clearswiftPath.replace('/v1/catalogues', '/c')}?asOf=2&effectiveAt=2018-11-22T00:00:00Z`
  for (const hasPages of [true, false]) {
    const app = await startApp(t, { hasPages, now: '2018-11-22T00:00:00Z' })
    await app.timePasses('2018-11-22T00:00:01Z')
    const [first] = new ICAL.Component(ICAL.parse((await app.request('/v1/calendar.ics')).body))
      .getAllSubcomponents('vevent')
      .slice(-1)
    t.equal(String(first?.getFirstPropertyValue('url')).includes(page), hasPages)
    const { items } = await new Parser().parseString((await app.request('/v1/feed.atom')).body)
    t.ok(items.length > 0 && items.every(({ link }) => String(link).includes('/c/') === hasPages))
  }
})

t.test('the change packs that entries lead to are there', async (t) => {
  const app = await startApp(t, { now: '2018-11-22T00:00:00Z' })
  await app.timePasses('2018-11-22T00:00:01Z')
  const { items } = await new Parser().parseString((await app.request(`${clearswiftPath}/feed.atom`)).body)
  const packs = items.flatMap(({ content = '' }) => /<a href="(?<href>[^"]+)">/.exec(content)?.groups?.href ?? [])
  t.equal(packs.length, items.length - 1, 'the first publish has none')
  for (const pack of packs) {
    const { pathname, search } = new URL(pack.replaceAll('&amp;', '&'))
    t.match(await app.request(pathname + search), { statusCode: 200, body: /54\.254\.98\.96/ }, pack)
  }
})

t.test('feeds and calendars are conditional, as every read is', async (t) => {
  const app = await startApp(t)
  app.clock.now += 1000
  for (const [type, urls] of Object.entries(paths)) {
    for (const url of urls) {
      const { statusCode, headers, body } = await app.request(url)
      t.equal(statusCode, 200, url)
      t.equal(headers['content-type'], type)
      t.match(headers, { etag: /^"[^"]+"$/, 'last-modified': /GMT$/, 'cache-control': 'max-age=60, must-revalidate' })
      t.equal(headers['portolan-seq'], '2')
      const known = await app.request({ url, headers: { 'if-none-match': String(headers.etag) } })
      t.equal(known.statusCode, 304)
      const head = await app.request({ method: 'HEAD', url })
      t.equal(head.body, '')
      t.equal(head.headers['content-length'], String(Buffer.byteLength(body)))
      t.equal((await app.request(`${url}?limit=1`)).statusCode, 400)
      const gzip = await app.request({ url, headers: { 'accept-encoding': 'gzip' } })
      t.equal(gzip.headers['content-encoding'], 'gzip')
    }
  }
  t.equal((await app.request('/v1/catalogues/none/feed.atom')).statusCode, 404)
  t.equal((await app.request('/v1/catalogues/none/calendar.ics')).statusCode, 404)
})

t.test('a feed tells what happened, the transition at its instant too', async (t) => {
  const app = await startIn2018(t)
  const titles = async (url: string) =>
    (await new Parser().parseString((await app.request(url)).body)).items.map(({ title }) =>
      title?.replace('Clearswift SECURE Exchange Gateway 4.8: ', '')
    )
  const published = ['revision 2 (2.3), 8 added, 0 removed, 12 changed', 'published, as revision 1 (pre-2.3)']
  for (const url of paths['application/atom+xml; charset=utf-8']) t.same(await titles(url), published)
  const before = await app.request(`${clearswiftPath}/feed.atom`)
  await app.timePasses('2018-11-22T00:00:00Z')
  for (const url of paths['application/atom+xml; charset=utf-8'])
    t.same(await titles(url), ['12 endpoints retire', ...published])
  app.clock.now += 1000
  const { headers } = await app.request({
    url: `${clearswiftPath}/feed.atom`,
    headers: { 'if-none-match': String(before.headers.etag) }
  })
  t.equal(headers['last-modified'], 'Thu, 22 Nov 2018 00:00:00 GMT')
  t.not(headers.etag, before.headers.etag)
})

t.test('a calendar has what is announced, and keeps it when it is past', async (t) => {
  const app = await startIn2018(t)
  for (const url of paths['text/calendar; charset=utf-8']) {
    const read = async () => {
      const calendar = new ICAL.Component(ICAL.parse((await app.request(url)).body))
      return calendar.getAllSubcomponents('vevent').map((each) => new ICAL.Event(each))
    }
    const [event, ...others] = await read()
    t.same(others, [])
    t.equal(event?.startDate.toString(), '2018-11-22T00:00:00Z')
    t.match(event?.summary, /: 12 endpoints retire$/)
    t.equal(event?.description.split('\n').length, 12)
    app.clock.now = Date.parse('2019-11-22T00:00:00Z')
    t.equal((await read()).length, 1)
    app.clock.now = Date.parse('2018-10-02T00:00:00Z')
  }
})

t.test('a feed and a calendar of some catalogues have those alone', async (t) => {
  const app = await startIn2018(t)
  const key = await app.key('catalogue:publish')
  const endpoints = [
    { kind: 'address', value: '20.0.0.1', until: '2018-12-24' },
    { kind: 'address', value: '20.0.0.2' }
  ]
  const requirements = [requirementInput({ endpoints })]
  for (const id of ['one', 'two'])
    t.match(
      await app.request({
        method: 'PUT',
        url: `/v1/catalogues/${id}/document`,
        headers: { ...key, 'if-none-match': '*', 'content-type': 'application/json' },
        payload: JSON.stringify(documentInput({ id, requirements }))
      }),
      { statusCode: 201 }
    )
  const links = async (query: string) =>
    (await new Parser().parseString((await app.request(`/v1/feed.atom${query}`)).body)).items.map(({ link }) => link)
  t.equal((await links('')).length, 4)
  t.match(await links('?catalogue=one&catalogue=two'), [/two/, /one/])
  t.match(await links('?catalogue=one'), [/one/])
  const { body } = await app.request('/v1/feed.atom?catalogue=two&catalogue=one')
  t.match(body, 'v1/feed.atom?catalogue=one&amp;catalogue=two" type=', 'its own address')
  const uids = (text: string) => [...text.matchAll(/^UID:.*\.(\S+)@portolan/gm)].map(([, id]) => id)
  t.strictSame(uids((await app.request('/v1/calendar.ics?catalogue=two')).body), ['two'])
  for (const path of ['/v1/feed.atom', '/v1/calendar.ics']) {
    t.equal((await app.request(`${path}?catalogue=none`)).statusCode, 404)
    t.equal((await app.request(`${path}?_=1`)).statusCode, 400)
  }
})

t.test('an empty service has an empty feed and an empty calendar', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  for (const url of ['/v1/feed.atom', '/v1/calendar.ics']) t.equal((await app.request(url)).statusCode, 200)
})

t.test('where reads need a key, feeds and calendars do', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  for (const url of [...all, '/v1/events', '/v1/events/stream']) t.equal((await app.request(url)).statusCode, 401, url)
})
