import t, { type Test } from 'tap'
import { startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

const path = '/v1/catalogues/product-1'

async function published(t: Test) {
  const app = await startApp(t, { isSeeded: false })
  const endpoints = [
    { kind: 'host', value: 'ok.example.com' },
    { kind: 'pattern', value: '*cdn.onenote.net' },
    { kind: 'pattern', value: 'monitoring.*.amazonaws.com' },
    { kind: 'pattern', value: '<tenant>.sharepoint.com' },
    { kind: 'url', value: 'storage.example.com/release/' }
  ]
  const answer = await app.request({
    method: 'PUT',
    url: `${path}/document?override=wildcard_too_broad&reason=test`,
    headers: { ...(await app.key('catalogue:publish', 'catalogue:override')), 'if-none-match': '*' },
    payload: documentInput({
      variables: [{ key: 'tenant', title: 'Your tenant' }],
      requirements: [requirementInput({ endpoints })]
    })
  })
  t.equal(answer.statusCode, 201, answer.body)
  return app
}

t.test('a pattern is found by a name that it stands for, and a URL by its host', async (t) => {
  const { request } = await published(t)
  const found = async (value: string) =>
    (await request(`/v1/lookup?value=${encodeURIComponent(value)}`))
      .json()
      .items.map((item: { match: string; endpoint: { value: string } }) => `${item.match} ${item.endpoint.value}`)
  t.strictSame(await found('XCDN.onenote.net'), ['covers *cdn.onenote.net'])
  t.strictSame(await found('tcp/xcdn.onenote.net/443'), ['covers *cdn.onenote.net'])
  for (const name of ['cdn.onenote.net', 'a.xcdn.onenote.net', 'xcdn.onenote.net.evil.com'])
    t.strictSame(await found(name), [], name)
  t.strictSame(await found('*cdn.onenote.net'), ['exact *cdn.onenote.net'])
  t.strictSame(await found('*.onenote.net'), ['within *cdn.onenote.net'])
  t.strictSame(await found('storage.example.com'), ['within storage.example.com/release/'])
  t.strictSame(await found('acme.sharepoint.com'), ['covers <tenant>.sharepoint.com'])
  const hits = async (q: string) =>
    (await request(`/v1/search?q=${q}`))
      .json()
      .items.flatMap((item: { endpoint?: { value: string } }) => item.endpoint?.value ?? [])
  t.strictSame(await hits('xcdn.onenote.net'), ['*cdn.onenote.net'])
  t.strictSame(await hits('onenote.net'), ['*cdn.onenote.net'])
  t.strictSame(await hits('storage.example.com'), ['storage.example.com/release/'])
})

t.test('an audit knows patterns and URLs', async (t) => {
  const { request } = await published(t)
  const audit = async (...entries: readonly string[]) =>
    (await request({ method: 'POST', url: `${path}/audit`, payload: { entries } })).json()
  const values = (list: readonly { readonly value: string }[]) => list.map(({ value }) => value)
  const some = await audit('xcdn.onenote.net', 'cdn.onenote.net', 'https://storage.example.com/release/x')
  t.strictSame(values(some.current), ['xcdn.onenote.net', 'storage.example.com'])
  t.strictSame(values(some.unknown), ['cdn.onenote.net'])
  t.strictSame(values(some.missing), ['ok.example.com', '*cdn.onenote.net', 'monitoring.*.amazonaws.com'])
  const own = (await request(`${path}/exports/edl-url`)).body.trim().split('\n')
  const all = await audit(...own, '*cdn.onenote.net')
  t.strictSame(all.missing, [])
  t.strictSame([...all.unknown, ...all.invalid], [])
})

t.test('formats say patterns and paths where they can, and count the rest', async (t) => {
  const { request } = await published(t)
  const exported = async (format: string) => {
    const { body, headers } = await request(`${path}/exports/${format}`)
    const [name, query = ''] = format.split('?')
    const report = (await request(`${path}/exports/${name}/report?${query}`)).json()
    return {
      lines: body
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('#')),
      field: headers['portolan-export-report'],
      omitted: report.omissions.map(({ value, reason }: Finding) => `${value} ${reason}`),
      widened: report.widenings.map(({ value, reason }: Finding) => `${value} ${reason}`)
    }
  }
  const unbound = '<tenant>.sharepoint.com unbound'
  const patterns = ['*cdn.onenote.net pattern', 'monitoring.*.amazonaws.com pattern', unbound].sort()
  const urls = ['storage.example.com/release/ path']
  t.match(await exported('edl-url'), {
    lines: ['ok.example.com/', 'monitoring.^.amazonaws.com/', 'storage.example.com/release/'],
    omitted: ['*cdn.onenote.net pattern', unbound],
    widened: []
  })
  for (const format of ['plain-host', 'edl-domain']) {
    const { lines, omitted, widened } = await exported(format)
    t.strictSame(lines, ['ok.example.com', 'storage.example.com'], format)
    t.strictSame(omitted.sort(), patterns, format)
    t.strictSame(widened, urls, format)
  }
  const squid = await exported('squid?part=dstdom_regex')
  t.strictSame(squid.lines, ['-i', '^[^.]+cdn\\.onenote\\.net$', '^monitoring\\.[^.]+\\.amazonaws\\.com$'])
  t.strictSame(squid.omitted, [unbound])
  t.strictSame((await exported('squid?part=dstdomain')).lines, ['ok.example.com', 'storage.example.com'])
  const cilium = await exported('cilium')
  t.ok(cilium.lines.some((line) => line.includes('matchPattern: monitoring.*.amazonaws.com')))
  t.strictSame(cilium.omitted, ['*cdn.onenote.net pattern', unbound])
  const pac = (await request(`${path}/exports/pac?mode=function`)).body
  const lists = new Function(`${pac}; return portolanLists`)()
  t.equal(lists('XCDN.OneNote.net'), true)
  t.equal(lists('storage.example.com'), true)
  for (const name of ['cdn.onenote.net', 'a.xcdn.onenote.net', 'xcdn.onenote.net.evil.com', 'acme.sharepoint.com'])
    t.equal(lists(name), false, name)
  const formats = (await request('/v1/formats')).json().items
  const expresses = (name: string) => formats.find((format: { name: string }) => format.name === name)?.expresses
  t.match(expresses('edl-url'), { pattern: 'exact', url: 'exact' })
  t.match(expresses('plain-host'), { pattern: 'no', url: 'wider' })
  t.match(expresses('edl-ip'), { pattern: 'no', url: 'no' })
  t.match(expresses('csv'), { pattern: 'exact', url: 'exact' })
})

interface Finding {
  readonly value: string
  readonly reason: string
}
