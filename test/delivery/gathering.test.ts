import t from 'tap'
import { dayMs, hourMs } from '../../src/domain/time/duration.ts'
import { formatInstant } from '../../src/domain/time/instant.ts'
import { startApp } from '../support/app.ts'
import { addresses, id, startPolling } from './support/polling.ts'
import { type Answer, list, site, status } from './support/provider.ts'

const answered = (value: unknown): Answer => list(JSON.stringify(value), '"never asked with"')

/** Endpoint set 9 with some addresses. */
function sets(...ips: readonly string[]): Answer {
  const set = { id: 9, serviceArea: 'Exchange', serviceAreaDisplayName: 'Exchange Online' }
  return answered([{ ...set, ips, tcpPorts: '443', expressRoute: true, category: 'Allow', required: true }])
}

function additions(version: string, effectiveDate: string, ...ips: readonly string[]): readonly object[] {
  return [{ id: 1, endpointSetId: 9, disposition: 'Change', version, add: { effectiveDate, ips } }]
}

const version = (latest: string) => answered({ instance: 'Worldwide', latest })
const old = Array.from({ length: 12 }, (_, index) => `20.50.1.${index + 1}/32`)
const day = (at: number) => formatInstant(at).slice(0, 10).replaceAll('-', '')

t.test('Microsoft 365: the version is asked first, then the list, and what has changed since the head', async (t) => {
  const base = '/mirror/m365'
  const polling = await startPolling(t, {
    adapter: 'm365',
    path: `${base}/endpoints/Worldwide?TenantName=example`,
    every: 'PT1H',
    everyMs: hourMs
  })
  const { app, provider, nextFetch } = polling
  const [past, ahead] = [app.clock.now - 30 * dayMs, app.clock.now + 30 * dayMs]
  const asked = () => provider.asked.splice(0).map(({ path }) => path.replace(/\?.*$/, '').slice(base.length))
  const dates = async () => {
    const endpoints = (await polling.document())?.requirements.flatMap((each) => each.endpoints) ?? []
    return Object.fromEntries(
      endpoints.flatMap((each) => (each.kind === 'address' && each.from ? [[each.value, each.from]] : []))
    )
  }
  const first = [
    ...additions('2026010100', day(past), '20.50.1.1/32'),
    ...additions('2026110100', day(ahead), '20.50.1.2/32')
  ]
  const answers = {
    [`${base}/version/Worldwide`]: version('2026110100'),
    [`${base}/endpoints/Worldwide`]: sets(...old),
    [`${base}/changes/Worldwide/0000000000`]: answered(first)
  }
  provider.answer = site(answers)
  await nextFetch()
  const published = (await polling.status()).record
  t.match(published, { token: '2026110100', lastFetch: { outcome: 'published' } })
  t.ok(published.next - app.clock.now >= hourMs, 'the version is asked at most once an hour, whatever the phase is')
  const queries = provider.asked.map(({ path }) => new URLSearchParams(path.replace(/^[^?]*/, '')))
  t.match(queries[0]?.get('clientrequestid'), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
  t.equal(new Set(queries.map((query) => query.get('clientrequestid'))).size, 1, 'one GUID')
  t.equal(queries[1]?.get('TenantName'), 'example')
  t.strictSame(asked(), ['/version/Worldwide', '/endpoints/Worldwide', '/changes/Worldwide/0000000000'])
  const known = { '20.50.1.2': `${formatInstant(ahead).slice(0, 10)}T00:00:00Z` }
  t.strictSame(await dates(), known, 'of the first changes only dates ahead count')

  await nextFetch()
  t.strictSame(asked(), ['/version/Worldwide'], 'an unchanged version is all that is asked for')
  t.match((await polling.status()).record.lastFetch, { outcome: 'not-modified', status: 200 })

  provider.answer = site({
    ...answers,
    [`${base}/version/Worldwide`]: version('2026120100'),
    [`${base}/endpoints/Worldwide`]: sets(...old, '20.50.2.1/32', '20.50.2.2/32'),
    [`${base}/changes/Worldwide/2026110100`]: answered(additions('2026120100', day(past), '20.50.2.1/32'))
  })
  await nextFetch()
  t.strictSame(asked().slice(1), ['/endpoints/Worldwide', '/changes/Worldwide/2026110100'])
  t.strictSame(
    await dates(),
    { ...known, '20.50.2.1': `${formatInstant(past).slice(0, 10)}T00:00:00Z` },
    'a date stays though the changes no longer have it, and another value has none'
  )

  provider.answer = site({ ...answers, [`${base}/version/Worldwide`]: version('2026120200') })
  await nextFetch()
  t.match(await polling.status(), { state: 'failing', record: { reason: 'the source answered 404' } }, 'half an answer')
  provider.answer = status(429)
  await nextFetch()
  const { record } = await polling.status()
  t.ok(record.next - app.clock.now >= hourMs)
  t.equal(polling.revisions(), 2)
})

t.test('Microsoft 365: what is no version, and a URL without an instance, are said', async (t) => {
  const {
    provider,
    nextFetch,
    status: now
  } = await startPolling(t, {
    adapter: 'm365',
    path: '/endpoints/Worldwide',
    answer: list('<html><title>502 Bad Gateway</title></html>', '"1"')
  })
  await nextFetch()
  t.match((await now()).record.reason, /web page \(title: "?502 Bad Gateway/)
  t.equal(provider.asked.length, 1)
  const other = await startPolling(t, { adapter: 'm365', path: '/ip-ranges.json' })
  await other.nextFetch()
  t.match((await other.status()).record.reason, /ends in \/endpoints\/INSTANCE/)
})

const azure = (changeNumber: number, ...addressPrefixes: readonly string[]) =>
  JSON.stringify({
    changeNumber,
    cloud: 'Public',
    values: [{ name: 'Storage', id: 'Storage', properties: { changeNumber, region: '', regionId: 0, addressPrefixes } }]
  })
const page = (...links: readonly string[]) =>
  list(
    `<!DOCTYPE html><html><title>Download</title>${links.map((link) => `<a href="${link}">get</a> "${link}"`).join('')}</html>`,
    '"page"'
  )

t.test('Azure: the page of the download leads to the one file of service tags', async (t) => {
  const polling = await startPolling(t, { adapter: 'azure', path: '/download/details.aspx?id=56519' })
  const { provider, nextFetch } = polling
  const [before, after] = ['/files/7/ServiceTags_Public_20261102.json', '/files/8/ServiceTags_Public_20261109.json']
  const details = '/download/details.aspx'
  const answers = {
    [before]: list(azure(370, ...old), '"a"'),
    [after]: list(azure(375, ...old, '20.50.2.0/24'), '"a"')
  }
  provider.answer = site({
    ...answers,
    [details]: page(before, 'https://elsewhere.example/ServiceTags_Public_20261116.json')
  })
  await nextFetch()
  await nextFetch()
  t.match(await polling.status(), {
    state: 'current',
    record: { token: '370', lastFetch: { outcome: 'not-modified' } }
  })
  provider.answer = site({ ...answers, [details]: page(after, `${provider.origin}${after}`) })
  await nextFetch()
  t.equal(provider.asked.at(-1)?.headers['if-none-match'], undefined, 'the ETag is that of another file')
  t.match((await polling.status()).record, { token: '375', lastFetch: { outcome: 'published' } })
  for (const [links, reason] of [
    [[], /links to no file/],
    [[before, after], /links to 2 files/]
  ] as const) {
    provider.answer = site({ ...answers, [details]: page(...links) })
    await nextFetch()
    t.match((await polling.status()).record.reason, reason)
  }
  t.equal(polling.revisions(), 2)
})

t.test('Cloudflare: both texts or neither', async (t) => {
  const polling = await startPolling(t, { adapter: 'cloudflare', path: '/ips-v6' })
  const { provider, nextFetch } = polling
  const answers = { '/ips-v4': list(addresses(20).trimEnd(), '"4"'), '/ips-v6': list('2600:1f18::/32\n', '"6"') }
  provider.answer = site(answers)
  await nextFetch()
  t.equal(Object.keys(await polling.values()).length, 21)
  await nextFetch()
  t.match((await polling.status()).record.lastFetch, { outcome: 'unchanged' })
  for (const bad of [status(500), list('<html><title>Busy</title></html>', '"x"'), list('', '"x"')]) {
    provider.answer = site({ ...answers, '/ips-v4': list(addresses(21), '"5"'), '/ips-v6': bad })
    await nextFetch()
    t.match((await polling.status()).record.lastFetch, { outcome: 'failed' })
  }
  provider.answer = site({ ...answers, '/ips-v6': list('2600:1f18::/32\n2600:1f19::/32\n', '"7"') })
  await nextFetch()
  t.equal(Object.keys(await polling.values()).length, 22, 'a change of the second text counts too')
})

t.test('a catalogue of another service is polled with its document, and then conditionally', async (t) => {
  const other = await startApp(t)
  const url = `${await other.listen()}/v1/catalogues/clearswift-exchange-gateway-4.8`
  const polling = await startPolling(t, { adapter: 'portolan', url })
  await polling.nextFetch()
  t.match(await polling.status(), { state: 'current', record: { token: '2', lastFetch: { outcome: 'published' } } })
  t.match(await polling.document(), { id, edition: { source: { adapter: 'portolan', url, token: '2' } } })
  await polling.nextFetch()
  t.match((await polling.status()).record.lastFetch, { outcome: 'not-modified', status: 304 })
})
