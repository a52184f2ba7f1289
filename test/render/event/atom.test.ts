import Parser from 'rss-parser'
import { SaxesParser } from 'saxes'
import t from 'tap'
import type { CatalogueEvent } from '../../../src/domain/event/event.ts'
import { cleanText } from '../../../src/domain/text.ts'
import { atomFeed, type FeedEntry } from '../../../src/render/event/atom.ts'
import { at } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'

const base = 'https://portolan.example'

function event(rest: Partial<CatalogueEvent> = {}): CatalogueEvent {
  return {
    seq: 7,
    id: 'evt_01CV780CM03J9KHTWW8X3E3HY0',
    type: 'catalogue.revision_published',
    catalogue: 'gateway',
    occurredAt: at('2018-10-01'),
    effectiveAt: at('2018-10-01'),
    lateByMs: 0,
    revision: { number: 2, label: '2.3', digest: 'sha256:00' },
    counts: { added: 8, removed: 0, changed: 12 },
    changes: [
      { op: 'added', pointer: '/requirements/rss', requirement: 'rss', impact: 'opens' },
      { op: 'changed', pointer: '/title', before: 'A', after: 'B', impact: 'informs' }
    ],
    truncated: false,
    ...rest
  }
}

function feed(entries: readonly FeedEntry[], title = 'Gateway'): string {
  return atomFeed(
    { path: '/v1/catalogues/gateway/feed.atom', title, epoch: 'e1', updated: at('2018-11-22'), entries },
    base
  )
}

/** As a feed reader has it; what is not well-formed XML is refused. */
async function read(text: string) {
  const strict = new SaxesParser({ xmlns: true })
  strict.on('error', (error) => {
    throw error
  })
  strict.write(text).close()
  return new Parser().parseString(text)
}

t.test('a feed has what RFC 4287 asks for', async (t) => {
  const text = feed([{ event: event(), product: 'Gateway', summary: 'New <mirrors> & more' }])
  t.match(text, /^<\?xml version="1.0" encoding="utf-8"\?>\n<feed xmlns="http:\/\/www.w3.org\/2005\/Atom">/)
  t.match(text, '<id>urn:portolan:e1:/v1/catalogues/gateway/feed.atom</id>')
  t.match(text, '<updated>2018-11-22T00:00:00Z</updated>')
  t.match(text, 'rel="self"')
  const { title, feedUrl, items } = await read(text)
  t.same({ title, feedUrl }, { title: 'Gateway', feedUrl: `${base}/v1/catalogues/gateway/feed.atom` })
  t.match(items, [
    {
      id: 'urn:portolan:event:evt_01CV780CM03J9KHTWW8X3E3HY0',
      title: 'Gateway: revision 2 (2.3), 8 added, 0 removed, 12 changed',
      isoDate: '2018-10-01T00:00:00.000Z',
      link: `${base}/v1/catalogues/gateway?asOf=2&effectiveAt=2018-10-01T00:00:00Z`
    }
  ])
  t.match(
    items[0]?.content,
    '<p>New &lt;mirrors&gt; &amp; more</p><ul><li>rss added (opens)</li><li>/title changed</li></ul>'
  )
})

t.test('every type of event has a title that says what happened', async (t) => {
  const titles = async (...events: CatalogueEvent[]) =>
    (await read(feed(events.map((each) => ({ event: each, product: 'Gateway' }))))).items.map(({ title }) => title)
  const retiring = { counts: { added: 0, removed: 6, changed: 0 }, effectiveAt: at('2018-11-22') }
  t.same(
    await titles(
      event({ type: 'catalogue.created', revision: { number: 1, label: '2.2', digest: 'sha256:00' } }),
      event({ type: 'catalogue.transition_upcoming', ...retiring }),
      event({ type: 'catalogue.transitioned', ...retiring }),
      event({ type: 'feed.failing' }),
      event({ type: 'feed.held' }),
      event({ type: 'feed.stale' })
    ),
    [
      'Gateway: published, as revision 1 (2.2)',
      'Gateway: at 2018-11-22T00:00:00Z 6 endpoints retire',
      'Gateway: 6 endpoints retire',
      'Gateway: its feed has been failing since 2018-10-01T00:00:00Z',
      'Gateway: a change of its feed has been held since 2018-10-01T00:00:00Z',
      'Gateway: its feed has been stale since 2018-10-01T00:00:00Z'
    ]
  )
})

t.test('whatever an author writes, the feed is well-formed and a reader shows it as it is', async () => {
  const texts = fc
    .oneof(
      fc.string({ unit: 'grapheme', minLength: 1, maxLength: 100 }),
      fc.constantFrom(']]>', '<b>', '&amp;', '<!--', 'a]]>b&')
    )
    .filter((text) => 'text' in cleanText(text, 'one') && text.trim() === text && !/\s\s/.test(text))
  await fc.assert(
    fc.asyncProperty(texts, texts, async (title, summary) => {
      const found = await read(feed([{ event: event(), product: title, summary }], title))
      const [item] = found.items
      return found.title === title && item?.title?.startsWith(`${title}: revision`) === true
    }),
    { numRuns: runs(300) }
  )
})

t.test('a feed without entries is one', async (t) => {
  t.same((await read(feed([]))).items, [])
})

t.test('an entry leads to the work that follows from it, where there is something before', async (t) => {
  const packs = `${base}/v1/catalogues/gateway/change-pack`
  const cases = [
    [event(), `${packs}?from=1&to=2&format=html`],
    [event({ type: 'catalogue.transitioned' }), `${packs}?at=2018-10-01T00:00:00Z&asOf=2&format=html`],
    [event({ type: 'catalogue.transition_upcoming' }), `${packs}?at=2018-10-01T00:00:00Z&asOf=2&format=html`]
  ] as const
  for (const [each, href] of cases) {
    const text = feed([{ event: each, product: 'Gateway' }])
    const escaped = href.replaceAll('&', '&amp;')
    t.match(text, `<link rel="related" href="${escaped}" type="text/html"/>`, each.type)
    const { items } = await read(text)
    t.match(items[0]?.content, `<p><a href="${escaped}">What to open and what to close</a></p>`, 'its content is HTML')
  }
  t.notMatch(feed([{ event: event({ type: 'catalogue.created' }), product: 'Gateway' }]), 'change-pack')
})

t.test('an entry about a feed leads to the feed, and to the change that is held', async (t) => {
  const cases = [
    ['feed.failing', `${base}/v1/feeds/gateway`],
    ['feed.held', `${base}/v1/feeds/gateway/held`],
    ['feed.stale', `${base}/v1/feeds/gateway`]
  ] as const
  for (const [type, href] of cases) {
    const { items } = await read(feed([{ event: event({ type, changes: [] }), product: 'Gateway' }]))
    t.equal(items[0]?.link, href)
    t.match(items[0]?.content, `<p><a href="${href}">What the feed says</a></p>`)
  }
})
