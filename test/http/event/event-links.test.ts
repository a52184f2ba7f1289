import t from 'tap'
import { clearswift, startApp } from '../../support/app.ts'

interface Told {
  readonly type: string
  readonly links: Readonly<Record<string, string>>
}

t.test('each event leads to the work that follows from it, pinned to its revision', async (t) => {
  const { request, key } = await startApp(t, { now: '2018-11-23T00:00:00Z' })
  const events = JSON.parse((await request(`/v1/events?catalogue=${clearswift}`)).body).items as readonly Told[]
  t.strictSame(events.map(({ type, links }) => [type, links.changePack?.replace(/^.*\/change-pack/, '')]).slice(0, 2), [
    ['catalogue.created', undefined],
    ['catalogue.revision_published', '?from=1&to=2']
  ])
  const base = `/v1/catalogues/${clearswift}/change-pack`
  const pinned = `${base}?at=2018-11-22T00:00:00Z&asOf=2`
  const steps = JSON.parse((await request(pinned)).body).steps
  t.match(steps, [{ do: 'close', notBefore: '2018-11-22T00:00:00Z' }])

  const { body: document } = await request(`/v1/catalogues/${clearswift}/document?asOf=1`)
  const published = await request({
    method: 'PUT',
    url: `/v1/catalogues/${clearswift}/document?override=unannounced_removal&override=mass_removal&reason=test`,
    headers: {
      ...(await key('catalogue:publish', 'catalogue:override')),
      'if-match': '*',
      'content-type': 'application/json'
    },
    payload: document
  })
  t.match(published, { statusCode: 201 }, published.body.slice(0, 300))
  t.match(await request(`${base}?at=2018-11-22T00:00:00Z`), { statusCode: 400 }, 'the newest has no such transition')
  t.strictSame(JSON.parse((await request(pinned)).body).steps, steps, 'a link of before still says the same')
  t.match(await request(`${base}?from=1&to=2&asOf=2`), { statusCode: 400 })
})
