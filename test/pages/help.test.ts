import { existsSync } from 'node:fs'
import t from 'tap'
import { startApp } from '../support/app.ts'
import { repository } from '../support/repository.ts'
import { openPage } from './support/html-page.ts'

t.test('help explains the words of the product, and leads to every guide', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { root, texts } = await openPage(app, '/help')
  for (const word of ['Two clocks', 'Four statuses', 'Seq', 'Epoch']) t.ok(texts('dt').includes(word), word)
  const links = root.querySelectorAll('main li a').map((link) => link.getAttribute('href') ?? '')
  t.ok(links.includes('/help/exports'))
  for (const link of links) {
    const guide = await openPage(app, link)
    t.equal(guide.status, 200, link)
    t.equal(guide.texts('h1').length, 1, link)
    t.ok(existsSync(`${repository}/docs/${link.slice('/help/'.length)}.md`))
  }
})

t.test('links of guides lead to guides and to their headings, and to nothing that is not served', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { root } = await openPage(app, '/help')
  const names = root
    .querySelectorAll('main li a')
    .map((link) => (link.getAttribute('href') ?? '').slice('/help/'.length))
  for (const name of names) {
    const guide = await openPage(app, `/help/${name}`)
    for (const link of guide.root.querySelectorAll('.guide a[href]')) {
      const href = link.getAttribute('href') ?? ''
      if (/^https?:/.test(href)) continue
      const [path = '', hash] = href.split('#')
      const target = path === '' ? guide : await openPage(app, `/help/${path}`)
      t.equal(target.status, 200, `${name}: ${href}`)
      if (hash !== undefined) t.ok(target.root.querySelector(`[id="${hash}"]`), `${name}: ${href}`)
    }
  }
})

t.test('help has no clocks, keeps those of the page before in its links, and knows no other guide', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const { root, headers } = await openPage(app, '/help?effectiveAt=2018-11-01T00:00:00Z')
  t.equal(root.querySelector('#clocks'), null)
  t.equal(root.querySelector('.not-now'), null)
  t.match(root.querySelector('nav a')?.getAttribute('href'), 'effectiveAt=')
  const known = await openPage(app, '/help?effectiveAt=2018-11-01T00:00:00Z', { 'if-none-match': String(headers.etag) })
  t.equal(known.status, 304)
  t.equal((await openPage(app, '/help/..%2fpackage')).status, 404)
  t.equal((await openPage(app, '/help/none')).status, 404)
})
