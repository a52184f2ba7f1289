import t, { type Test } from 'tap'
import { startApp, type TestApp } from '../../support/app.ts'
import { addresses, documentInput, requirementInput } from '../../support/document.ts'

interface Page {
  readonly changes: readonly { readonly pointer: string }[]
  readonly truncated?: true
  readonly page?: { readonly next: string | null }
}

interface Told extends Page {
  readonly diff: Page
}

const path = '/v1/catalogues/product-1'

async function put(app: TestApp, count: number, headers: Readonly<Record<string, string>>, query = '') {
  return app.request({
    method: 'PUT',
    url: `${path}/document${query}`,
    headers: { ...(await app.key('catalogue:publish')), ...headers },
    payload: documentInput({ requirements: [requirementInput({ endpoints: addresses(count) })] })
  })
}

async function pointersFrom(app: TestApp, url: string): Promise<readonly string[]> {
  const seen: string[] = []
  let next: string | null = url
  while (next !== null) {
    const answer = await app.request(next)
    const { changes, page }: Page = answer.json()
    if (changes.length > 1000) throw new Error(`${changes.length} changes on a page`)
    seen.push(...changes.map(({ pointer }) => pointer))
    next = page?.next ?? null
  }
  return seen
}

/** The changes of an answer that has a part of them. Whatever they are, all of it takes at most 100 kB. */
function partOf(t: Test, answer: { readonly body: string; json(): unknown }, from: (body: Told) => Page): number {
  // The fields that the test looks at.
  const body = answer.json() as Told
  const { changes, truncated } = from(body)
  t.ok(answer.body.length <= 100_000, `${answer.body.length} bytes`)
  t.ok(changes.length > 100 && changes.length <= 1000, `${changes.length} changes`)
  t.equal(truncated, true)
  return changes.length
}

t.test('a publish tells as many of its changes as 100 kB hold, and where all of them are', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const dry = await put(app, 1500, { 'if-none-match': '*' }, '?dryRun=true')
  partOf(t, dry, (body) => body)
  t.equal(dry.json().links, undefined)
  const first = await put(app, 1500, { 'if-none-match': '*' })
  t.match([first.statusCode, first.json()], [201, { counts: { added: 1501 } }])
  partOf(t, first, (body) => body)
  t.equal(new Set(await pointersFrom(app, first.json().links.diff)).size, 1501)

  const second = await put(app, 4000, { 'if-match': String(first.headers.etag) })
  t.match(second.json(), { counts: { added: 2500 } })
  partOf(t, second, (body) => body)
  t.equal(new Set(await pointersFrom(app, second.json().links.diff)).size, 2500)
  t.equal((await pointersFrom(app, `${path}/diff?limit=700`)).length, 2500)

  const stale = await put(app, 1, { 'if-match': String(first.headers.etag) })
  t.match([stale.statusCode, stale.json().diff], [412, { links: { diff: /from=1&to=2/ } }])
  partOf(t, stale, ({ diff }) => diff)
})

t.test(
  'a revision has as many of its changes as 100 kB hold, or as its reader asks for, and then the others by page',
  async (t) => {
    const app = await startApp(t, { isSeeded: false })
    await put(app, 2500, { 'if-none-match': '*' })
    for (const [query, size] of [
      ['', undefined],
      ['?limit=1000', 1000]
    ] as const) {
      const answer = await app.request(`${path}/revisions/1${query}`)
      if (size === undefined) partOf(t, answer, (body) => body)
      else t.equal(answer.json().changes.length, size)
      t.match(answer.json(), { truncated: true, links: { diff: /revisions\/1\?limit=1000$/ } })
      t.equal(new Set(await pointersFrom(app, `${path}/revisions/1${query}`)).size, 2501)
    }
  }
)

t.test('all pages of a difference are of the same two sides', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const first = await put(app, 5, { 'if-none-match': '*' })
  const second = await put(app, 1200, { 'if-match': String(first.headers.etag) })
  const { page }: Page = (await app.request(`${path}/diff?limit=1000`)).json()
  await put(app, 1201, { 'if-match': String(second.headers.etag) })
  const rest: Page = (await app.request(page?.next ?? '')).json()
  t.equal(rest.changes.length, 195)
  t.same(rest.page, { next: null, cursor: null })
  const other = page?.next?.replace('to=2', 'to=3') ?? ''
  t.equal((await app.request(other)).json().code, 'cursor_mismatch')
})

t.test('of faults without number a thousand are told', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const requirements = Array.from({ length: 50_000 }, () => ({}))
  const answer = await app.request({
    method: 'PUT',
    url: `${path}/document`,
    headers: { ...(await app.key('catalogue:publish')), 'if-none-match': '*' },
    payload: documentInput({ requirements })
  })
  t.match(
    [answer.statusCode, answer.json()],
    [422, { code: 'invalid_document', errors: { length: 1000 }, truncated: true }]
  )
})
