import t from 'tap'
import { startApp, type TestApp } from '../support/app.ts'
import { documentInput } from '../support/document.ts'
import { openPage } from './support/html-page.ts'

/** Text as somebody writes it who wants to do something to whoever reads it. */
const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `'><svg/onload=alert(1)>`,
  '<%= it %> {{it}}',
  // Marks that turn the direction of text around are refused when a document is published. Letters are not.
  'עברית',
  'x'.repeat(190)
] as const

const url = 'https://example.com/"><script>alert(1)</script>'.replace(/[<>"]/g, encodeURIComponent)

/** A document that has a text in every field that takes one. */
function documentWith(text: string, id: string) {
  const endpoint = { remarks: text }
  return documentInput({
    id,
    title: text,
    vendor: text,
    product: text,
    version: text.slice(0, 100),
    aliases: [text],
    edition: { label: text.slice(0, 100), date: '2018-10', summary: text, reason: text, reconstructed: true },
    components: [{ key: 'server', title: text }],
    variables: [{ key: 'tenant', title: text }],
    guidance: [{ key: 'all', topic: 'firewall', text }],
    requirements: (['external', 'internal'] as const).map((scope) => ({
      key: `${scope}-one`,
      title: text,
      scope,
      direction: 'both',
      necessity: 'conditional',
      condition: text,
      component: 'server',
      inferred: ['condition', 'title'],
      services: [{ transport: 'tcp', ports: [443], application: 'https' }],
      owner: text,
      remarks: text,
      externalIds: { cmdb: text },
      references: [{ title: text, url }],
      proxy: { httpProxy: 'forbidden', tlsInspection: 'forbidden' },
      endpoints: [
        { kind: 'host', value: 'updates.example.net', ...endpoint },
        { kind: 'address', value: '20.0.0.1', until: '2018-11-22', replacedBy: ['updates.example.net'], ...endpoint },
        { kind: 'role', value: 'admins', title: text, ...endpoint },
        { kind: 'feed', value: 'list', url, select: { region: [text] }, remarks: text },
        { kind: 'any', remarks: text }
      ]
    }))
  })
}

async function publish(app: TestApp, document: { readonly id?: unknown }): Promise<void> {
  const answer = await app.request({
    method: 'PUT',
    url: `/v1/catalogues/${document.id}/document`,
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: document
  })
  t.equal(answer.statusCode, 201, answer.body.slice(0, 500))
}

t.test('no text of a catalogue is more than text on a page', async (t) => {
  const app = await startApp(t, { isSeeded: false, now: '2018-10-30T00:00:00Z' })
  for (const [index, text] of hostile.entries()) await publish(app, documentWith(text, `hostile-${index}`))
  const papers = hostile.map((_, index) => `/c/hostile-${index}?effectiveAt=2018-11-01T00:00:00Z`)
  const others = hostile.flatMap((_, index) =>
    [
      'timeline',
      'diff?from=1&fromEffectiveAt=2018-11-01T00:00:00Z&to=1&toEffectiveAt=2018-11-22T00:00:00Z',
      'todo?since=2018-10-30T00:00:00Z&effectiveAt=2018-11-30T00:00:00Z',
      'exports?format=csv'
    ].map((page) => `/c/hostile-${index}/${page}`)
  )
  const pages = ['/', ...papers, ...others]
  for (const [index, path] of pages.entries()) {
    const { status, root, html, text } = await openPage(app, path)
    t.equal(status, 200, text)
    t.strictSame(
      root.querySelectorAll('script').map((script) => /^\/assets\//.test(script.getAttribute('src') ?? '')),
      [true, true]
    )
    t.equal(root.querySelectorAll('img, svg:not(.timeline), iframe, object, style').length, 0)
    const attributes = root.querySelectorAll('*').flatMap((element) => Object.keys(element.attributes))
    t.ok(
      attributes.length > 50 &&
        attributes.every((name) => /^(?:[a-z][a-z-]*[12]?|viewBox)$/.test(name) && !name.startsWith('on'))
    )
    t.notMatch(html, /href="(?!https?:|\/|#)/, 'every link leads to a page')
    if (0 < index && index <= papers.length) t.ok(text.includes(hostile[index - 1] ?? ''))
  }
})

t.test('what a request says is only text on the page of its problem', async (t) => {
  const app = await startApp(t)
  for (const text of hostile) {
    const written = encodeURIComponent(text)
    for (const path of [`/c/${written}`, `/${written}`, `/?asOf=${written}`, `/c/x?${written}=1`, `/?${written}=1`]) {
      const { root } = await openPage(app, path)
      t.equal(root.querySelectorAll('script:not([src]), img, svg').length, 0, path)
      t.ok(root.querySelectorAll('*').every(({ attributes }) => !('onerror' in attributes)))
    }
  }
})
