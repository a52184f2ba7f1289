import t from 'tap'
import { movingCacheControl, sharedCacheControl } from '../../../src/http/answer/cache-control.ts'
import { clearswiftPath, startApp } from '../../support/app.ts'
import { fc, runs } from '../../support/scale.ts'

function secondsOf(field: string): Readonly<Record<string, number>> {
  return Object.fromEntries([...field.matchAll(/([\w-]+)=(\d+)/g)].map(([, name, seconds]) => [name, Number(seconds)]))
}

t.test('no time that shared caches are given runs past the next transition', async (t) => {
  const instant = fc.integer({ min: 0, max: 4_000_000 })
  fc.assert(
    fc.property(instant, fc.oneof(instant, fc.constant(Number.MAX_SAFE_INTEGER)), (now, until) => {
      const said = secondsOf(sharedCacheControl(now, until))
      const fresh = Number(said['max-age'])
      t.equal(fresh, Number(secondsOf(movingCacheControl('', now, until))['max-age']), 'fresh as long as for a client')
      for (const stale of ['stale-while-revalidate', 'stale-if-error'])
        t.ok((fresh + Number(said[stale])) * 1000 <= Math.max(0, until - now), stale)
    }),
    { numRuns: runs(100) }
  )
  t.equal(sharedCacheControl(0, 86_400_000), 'max-age=60, stale-while-revalidate=10, stale-if-error=3600')
  t.equal(sharedCacheControl(0, 65_900), 'max-age=60, stale-while-revalidate=5, stale-if-error=5')
  t.equal(sharedCacheControl(0, 900), 'max-age=0, stale-while-revalidate=0, stale-if-error=0')
})

t.test(
  'shared caches are told of answers that everybody may have and that the clock changes, hot and cold',
  async (t) => {
    const { request } = await startApp(t, { now: '2018-11-21T22:58:00Z' })
    const told = async (url: string, headers = {}) => (await request({ url, headers })).headers['cdn-cache-control']
    for (const path of ['', '/document', '/exports/edl-ip?slice=all', '/endpoints?format=csv'])
      for (const turn of ['cold', 'hot'])
        t.equal(
          await told(`${clearswiftPath}${path}`),
          'max-age=60, stale-while-revalidate=10, stale-if-error=3600',
          `${path} ${turn}`
        )
    const { etag } = (await request(clearswiftPath)).headers
    t.ok(await told(clearswiftPath, { 'if-none-match': etag }), 'with 304, too')
    t.equal(await told(`${clearswiftPath}?asOf=1&effectiveAt=2018-01-01T00:00:00Z`), undefined, 'it never changes')
    t.equal(await told('/v1/catalogues/none'), undefined)
    t.equal(await told('/health/live'), undefined)
  }
)

t.test('where reads need a key no shared cache is told anything', async (t) => {
  const app = await startApp(t, { readAccess: 'key' })
  const headers = await app.key('catalogue:read')
  for (const turn of ['cold', 'hot']) {
    const answer = await app.request({ url: clearswiftPath, headers })
    t.match(answer.headers['cache-control'], /^private, /)
    t.equal(answer.headers['cdn-cache-control'], undefined, turn)
  }
})
