import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { openPage } from './support/html-page.ts'

t.test('the first page tells what will change, soon and later, and then all catalogues', async (t) => {
  const app = await startApp(t, { now: '2018-10-23T00:00:00.001Z' })
  const soon = await openPage(app, '/')
  t.match(soon.texts('h3'), ['In the next 30 days'])
  t.match(soon.text, '22 Nov 2018, 00:00 UTC Clearswift SECURE Exchange Gateway 4.8 6 addresses retire')
  t.strictSame(soon.texts('table tbody th'), ['SECURE Exchange Gateway'])
  const change = soon.root.querySelector('#changes a')?.getAttribute('href')
  t.equal(change, `/c/${clearswift}?effectiveAt=2018-11-22T00%3A00%3A00Z`)
})

t.test('what comes later moves to what comes soon with the clock, and the page is not kept past that', async (t) => {
  const app = await startApp(t, { now: '2018-10-22T23:59:30Z' })
  const later = await openPage(app, '/')
  t.match(later, { headers: { 'cache-control': 'max-age=30, must-revalidate' } })
  t.match(later.texts('h3'), ['Later'])
  await app.timePasses('2018-10-23T00:00:00Z')
  t.match((await openPage(app, '/')).texts('h3'), ['In the next 30 days'])
})

t.test('where nothing changes, or there is no catalogue, the page says so', async (t) => {
  const quiet = await startApp(t, { now: '2019-01-01T00:00:00Z' })
  t.match((await openPage(quiet, '/')).text, 'No change is announced.')
  const empty = await startApp(t, { isSeeded: false })
  t.match((await openPage(empty, '/')).text, 'portolan publish catalogue.yaml')
})

t.test('the words of the product are explained, each under its own name', async (t) => {
  const app = await startApp(t)
  const { root } = await openPage(app, '/')
  for (const id of ['as-known-by', 'in-effect-at', 'planned', 'active', 'retiring', 'retired'])
    t.ok(root.querySelector(`#glossary #${id}`), id)
})
