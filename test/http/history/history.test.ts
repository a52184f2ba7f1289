import t from 'tap'
import { clearswift, clearswiftPath, startApp } from '../../support/app.ts'

t.test('two revisions are compared as documents, whole or by label', async (t) => {
  const { request } = await startApp(t)
  const diff = (await request(`${clearswiftPath}/diff?from=1&to=label:2.3`)).json()
  t.match(diff, {
    from: { revision: { number: 1 } },
    to: { revision: { number: 2 } },
    counts: { added: 8, removed: 0, changed: 12 },
    edition: { before: { label: 'pre-2.3' }, after: { label: '2.3' } }
  })
  t.notOk('effectiveAt' in diff.from)
  t.strictSame(diff.changes.filter(({ impact }: { impact: string }) => impact === 'opens').length, 8)
  t.strictSame(diff.changes.filter(({ impact }: { impact: string }) => impact === 'announces').length, 12)
  const back = (await request(`${clearswiftPath}/diff?from=2&to=1`)).json()
  t.strictSame(back.counts, { added: 0, removed: 8, changed: 12 })
  t.match(
    (await request(`${clearswiftPath}/diff`)).json(),
    { from: { revision: { number: 1 } }, to: { revision: { number: 2 } } },
    'by default the newest and the one before'
  )
  t.match((await request(`${clearswiftPath}/diff?from=1&to=2`)).headers['cache-control'], /immutable/)
  t.notMatch((await request(`${clearswiftPath}/diff?from=1`)).headers['cache-control'], /immutable/)
})

t.test('two instants are compared as views: the clock alone removed the six addresses', async (t) => {
  const { request } = await startApp(t)
  const diff = (await request(`${clearswiftPath}/diff?from=2018-11-21T23:59:59Z&to=2018-11-22T00:00:00Z`)).json()
  t.match(diff, {
    from: { revision: { number: 2 }, effectiveAt: '2018-11-21T23:59:59Z' },
    to: { revision: { number: 2 }, effectiveAt: '2018-11-22T00:00:00Z' },
    counts: { added: 0, removed: 12, changed: 0 }
  })
  t.ok(
    diff.changes.every(
      ({ op, impact, before }: { op: string; impact: string; before: { status: string } }) =>
        op === 'removed' && impact === 'closes' && before.status === 'retiring'
    )
  )
  const published = (await request(`${clearswiftPath}/diff?from=2018-09-30T00:00:00Z&to=2018-10-02T00:00:00Z`)).json()
  t.strictSame(published.counts, { added: 8, removed: 0, changed: 12 })
  const future = (
    await request(
      `${clearswiftPath}/diff?from=1&to=2&fromEffectiveAt=2018-12-01T00:00:00Z&toEffectiveAt=2030-01-01T00:00:00Z`
    )
  ).json()
  t.strictSame(future.counts, { added: 8, removed: 12, changed: 0 })
  for (const [query, code] of [
    ['from=2018-11-21', 'invalid_instant'],
    ['from=7', 'unknown_revision'],
    ['to=2099-01-01T00:00:00Z', 'time_out_of_range'],
    ['fromEffectiveAt=now', 'invalid_instant'],
    ['since=1', 'unknown_parameter']
  ]) {
    t.equal((await request(`${clearswiftPath}/diff?${query}`)).json().code, code, String(query))
  }
})

t.test('the history lists revisions newest first, each with its place in the chain', async (t) => {
  const { request } = await startApp(t)
  const { items } = (await request(`${clearswiftPath}/revisions`)).json()
  t.match(items, [
    {
      number: 2,
      label: '2.3',
      publishedAt: '2018-10-01T00:00:00Z',
      recordedAt: '2026-11-24T12:00:00Z',
      author: 'catalogues',
      reconstructed: false,
      overrides: [],
      counts: { added: 8, removed: 0, changed: 12 },
      digest: /^sha256:/,
      chain: /^sha256:/
    },
    { number: 1, label: 'pre-2.3', reconstructed: true }
  ])
  const paged = (await request(`${clearswiftPath}/revisions?limit=1`)).json()
  t.equal(paged.items[0].number, 2)
  const next = (await request(String(paged.page.next).replace(/^https?:\/\/[^/]+/, ''))).json()
  t.equal(next.items[0].number, 1)
  t.equal(next.page.next, null)
  t.equal((await request(`${clearswiftPath}/revisions/1`)).json().changes.length, 69)
})

t.test('the timeline tells revisions and transitions in the order of time', async (t) => {
  const { request } = await startApp(t)
  const entries = async (query: string) => (await request(`${clearswiftPath}/timeline?${query}`)).json().items
  t.match(await entries(''), [
    { at: '2018-09-01T00:00:00Z', kind: 'revision', revision: { number: 1 } },
    { at: '2018-10-01T00:00:00Z', kind: 'revision', revision: { number: 2 }, counts: { added: 8 } },
    {
      at: '2018-11-22T00:00:00Z',
      kind: 'transition',
      state: 'happened',
      revision: { number: 2 },
      counts: { removed: 12 }
    }
  ])
  t.match((await entries('effectiveAt=2018-11-01T00:00:00Z'))[2], { state: 'announced' })
  t.equal((await entries('asOf=1')).length, 1)
})

t.test('the catalogues are listed with the next transition of each', async (t) => {
  const { request } = await startApp(t)
  const { items } = (await request('/v1/catalogues')).json()
  t.match(items, [
    {
      id: clearswift,
      vendor: 'Clearswift',
      product: 'SECURE Exchange Gateway',
      version: '4.8',
      revision: { number: 2, label: '2.3' }
    }
  ])
  t.notOk('nextTransition' in items[0])
  t.equal(
    (await request('/v1/catalogues?effectiveAt=2018-11-01T00:00:00Z')).json().items[0].nextTransition,
    '2018-11-22T00:00:00Z'
  )
  t.equal((await request('/v1/catalogues?asOf=2018-09-15T00:00:00Z')).json().items[0].revision.number, 1)
  t.strictSame((await request('/v1/catalogues?asOf=2018-08-01T00:00:00Z')).json().items, [], 'it had no revision then')
  t.equal(
    (await request('/v1/catalogues?asOf=2')).json().code,
    'invalid_instant',
    'across catalogues a number says nothing'
  )
})

t.test('the log has every publish, gapless, and each entry is pinned', async (t) => {
  const { request, catalogues } = await startApp(t)
  const { items } = (await request('/v1/events')).json()
  t.match(items, [
    {
      seq: 1,
      prevSeq: 0,
      type: 'catalogue.created',
      epoch: catalogues.store.epoch,
      effectiveAt: '2018-09-01T00:00:00Z',
      occurredAt: '2026-11-24T12:00:00Z',
      truncated: true
    },
    {
      seq: 2,
      prevSeq: 1,
      type: 'catalogue.revision_published',
      counts: { added: 8, removed: 0, changed: 12 },
      truncated: false,
      lateByMs: 0
    }
  ])
  t.equal(items[0].changes.length, 50)
  t.equal(items[1].changes.length, 20)
  for (const [name, link] of Object.entries<string>(items[1].links)) {
    const answer = await request(link.replace(/^https?:\/\/[^/]+/, ''))
    t.equal(answer.statusCode, 200, link)
    // What other catalogues still need is kept open, so the pack of two revisions may move with those.
    const isImmutable = /immutable/.test(answer.headers['cache-control']?.toString() ?? '')
    t.equal(isImmutable, name !== 'changePack', link)
  }
  t.match((await request('/v1/events?after=1')).json().items, [{ seq: 2, prevSeq: 1 }])
  t.match(
    (await request('/v1/events?type=catalogue.revision_published')).json().items,
    [{ seq: 2, prevSeq: 0 }],
    'the event before that the filter matches'
  )
  t.strictSame((await request('/v1/events?catalogue=nothing')).json().items, [])
  const page = (await request('/v1/events?limit=1')).json().page
  t.match((await request(String(page.next).replace(/^https?:\/\/[^/]+/, ''))).json(), {
    items: [{ seq: 2, prevSeq: 1 }],
    page: { next: null }
  })
  t.equal((await request('/v1/events?type=catalogue.exploded')).json().code, 'invalid_parameter')
})
