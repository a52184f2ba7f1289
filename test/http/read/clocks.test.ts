import t from 'tap'
import { clearswiftPath, startApp } from '../../support/app.ts'

const oldMirrors = ['184.72.245.1', '79.125.8.252', '175.41.136.7', '174.129.26.118', '176.34.251.142', '54.254.98.96']

interface Endpoint {
  readonly kind: string
  readonly value: string
  readonly status: string
  readonly until?: string
}
interface View {
  readonly validFrom?: string
  readonly validUntil?: string
  readonly revision: { readonly number: number; readonly label: string }
  readonly requirements: readonly { readonly key: string; readonly endpoints: readonly Endpoint[] }[]
}

function mirrors({ requirements }: View): readonly Endpoint[] {
  return requirements.flatMap(({ endpoints }) => endpoints).filter(({ value }) => oldMirrors.includes(value))
}

t.test('the six old mirrors retire at midnight, and nobody writes anything', async (t) => {
  const { request } = await startApp(t)
  const before = await request(`${clearswiftPath}?effectiveAt=2018-11-21T23:59:59Z`)
  const after = await request(`${clearswiftPath}?effectiveAt=2018-11-22T00:00:00Z`)
  const [old, now] = [before.json<View>(), after.json<View>()]
  t.equal(mirrors(old).length, 12, 'six addresses in two requirements')
  t.ok(mirrors(old).every(({ status, until }) => status === 'retiring' && until === '2018-11-22T00:00:00Z'))
  t.strictSame(mirrors(now), [])
  t.equal(old.validUntil, '2018-11-22T00:00:00Z')
  t.equal(now.validFrom, '2018-11-22T00:00:00Z')
  t.notOk('validUntil' in now)
  t.not(before.headers.etag, after.headers.etag)
  t.equal(before.headers['portolan-revision'], after.headers['portolan-revision'])
  t.equal(before.headers['portolan-valid-until'], '2018-11-22T00:00:00Z')
  t.equal(after.headers['portolan-valid-from'], '2018-11-22T00:00:00Z')
  const all = (await request(`${clearswiftPath}?effectiveAt=2018-11-22T00:00:00Z&status=all`)).json<View>()
  t.ok(mirrors(all).every(({ status }) => status === 'retired'))
  t.equal(mirrors(all).length, 12)
})

t.test('the tag and max-age of the moving URL move exactly at the transition', async (t) => {
  const { clock, request } = await startApp(t, { now: '2018-11-21T23:58:00Z' })
  const read = async (instant: string) => {
    clock.now = Date.parse(instant)
    const { headers } = await request(clearswiftPath)
    return { etag: headers.etag, cacheControl: headers['cache-control'] }
  }
  const early = await read('2018-11-21T23:58:00.500Z')
  t.equal(early.cacheControl, 'max-age=60, must-revalidate')
  t.strictSame(await read('2018-11-21T23:59:30.500Z'), {
    etag: early.etag,
    cacheControl: 'max-age=29, must-revalidate'
  })
  t.strictSame(await read('2018-11-21T23:59:59.999Z'), { etag: early.etag, cacheControl: 'max-age=0, must-revalidate' })
  const late = await read('2018-11-22T00:00:00Z')
  t.not(late.etag, early.etag)
  t.equal(late.cacheControl, 'max-age=60, must-revalidate')
  t.strictSame(
    await read('2018-11-21T23:59:59.999Z'),
    { etag: early.etag, cacheControl: 'max-age=0, must-revalidate' },
    'a clock that is set back'
  )
})

t.test('what was known when is told apart from what holds when', async (t) => {
  const { request } = await startApp(t)
  const view = async (query: string) => (await request(`${clearswiftPath}?${query}`)).json<View>()
  const first = await view('asOf=1&effectiveAt=2018-12-01T00:00:00Z')
  t.equal(first.revision.label, 'pre-2.3')
  t.ok(
    mirrors(first).every(({ status }) => status === 'active'),
    'by the first revision nothing was announced'
  )
  t.equal((await view('asOf=label:2.3')).revision.number, 2)
  t.equal((await view('asOf=2018-09-15T00:00:00Z')).revision.number, 1)
  t.equal((await view('asOf=2018-10-01T00:00:00Z')).revision.number, 2)
  t.equal((await view('asOf=2018-10-01T02:00:00%2B02:00')).revision.number, 2)
  t.equal((await view('effectiveAt=2035-01-01T00:00:00Z')).revision.number, 2)
})

t.test('clocks outside the history, unknown revisions and guesses are refused', async (t) => {
  const { request } = await startApp(t)
  for (const [query, status, code] of [
    ['asOf=2018-08-31T23:59:59Z', 422, 'time_out_of_range'],
    ['asOf=2099-01-01T00:00:00Z', 422, 'time_out_of_range'],
    ['asOf=3', 422, 'unknown_revision'],
    ['asOf=0', 422, 'unknown_revision'],
    ['asOf=label:9.9', 422, 'unknown_revision'],
    ['asOf=2018-10-01', 400, 'invalid_instant'],
    ['asOf=newest', 400, 'invalid_instant'],
    ['effectiveAt=2018-11-22', 400, 'invalid_instant'],
    ['effectiveAt=2018-11-22T00:00:00', 400, 'invalid_instant'],
    ['effectiveAt=2018-11-22T00:00:00+00:00', 400, 'invalid_instant'],
    ['effectiveAt=now', 400, 'invalid_instant'],
    ['effectiveAt=', 400, 'invalid_parameter'],
    ['efectiveAt=2018-11-22T00:00:00Z', 400, 'unknown_parameter'],
    ['asOf=1&asOf=2', 400, 'invalid_parameter']
  ] as const) {
    const answer = await request(`${clearswiftPath}?${query}`)
    t.equal(answer.statusCode, status, query)
    t.match(answer.headers['content-type'], /^application\/problem\+json/)
    t.equal(answer.json().code, code, query)
  }
})
