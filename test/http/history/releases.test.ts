import { coerce, compare } from 'semver'
import t from 'tap'
import { clearswift, startApp } from '../../support/app.ts'

interface Release {
  readonly version: string
  readonly releaseTimestamp: string
  readonly changelogUrl: string
  readonly sourceUrl: string
}

const path = `/v1/catalogues/${clearswift}/releases.json`
const releasesOf = (body: string): readonly Release[] => JSON.parse(body).releases

t.test('revisions and what the clock did are releases, with what changed and what holds', async (t) => {
  const { request, clock } = await startApp(t, { now: '2018-11-21T23:59:59Z' })
  t.strictSame(
    releasesOf((await request(path)).body).map(({ version }) => version),
    ['1.20180901000000', '2.20181001000000'],
    'what is announced is none yet'
  )
  clock.now = Date.parse('2018-11-22T00:00:00Z')
  const { body, headers } = await request(path)
  t.match(headers, { 'portolan-revision': '2', etag: /^"/, 'content-type': 'application/json; charset=utf-8' })
  const releases = releasesOf(body)
  t.strictSame(
    releases.map(({ version, releaseTimestamp }) => [version, releaseTimestamp]),
    [
      ['1.20180901000000', '2018-09-01T00:00:00Z'],
      ['2.20181001000000', '2018-10-01T00:00:00Z'],
      ['2.20181122000000', '2018-11-22T00:00:00Z']
    ]
  )
  for (const { changelogUrl, sourceUrl } of releases)
    for (const url of [changelogUrl, sourceUrl]) {
      const { pathname, search } = new URL(url)
      t.equal((await request(`${pathname}${search}`)).statusCode, 200, url)
    }
  t.match(releases.at(-1)?.sourceUrl, /\?asOf=2&effectiveAt=2018-11-22T00:00:00Z$/)

  const pinned = releasesOf((await request(`${path}?asOf=1&effectiveAt=2018-12-01T00:00:00Z`)).body)
  t.strictSame(
    pinned.map(({ version }) => version),
    ['1.20180901000000']
  )
  t.match(await request(`${path}?asOf=9`), { statusCode: 422 })
})

t.test('versions are in their order by the two ways in which Renovate compares them', async (t) => {
  const { request } = await startApp(t, { now: '2018-11-23T00:00:00Z' })
  const versions = releasesOf((await request(path)).body).map(({ version }) => version)
  t.strictSame(versions.toReversed().sort(loosely), versions, 'loose')
  t.strictSame(
    versions.toReversed().sort((a, b) => compare(coerce(a) ?? '', coerce(b) ?? '')),
    versions,
    'semver-coerced'
  )
  t.ok(loosely('2', '2.20181001000000') < 0, 'a bare revision is the oldest of its own')
  t.ok(loosely('9.20181001000000', '10.20180901000000') < 0)
  t.ok(loosely('2.20181122000000', '2.20181122000000.5') < 0)
})

/** As Renovate documents and does it: numbers apart by points, of any length; what is shorter comes first. */
function loosely(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split('.').map(BigInt))
  for (const [index, part] of (left ?? []).entries()) {
    const other = right?.[index]
    if (other === undefined) return 1
    if (part !== other) return part < other ? -1 : 1
  }
  return left?.length === right?.length ? 0 : -1
}
