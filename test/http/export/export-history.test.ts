import t from 'tap'
import { startApp } from '../../support/app.ts'
import { documentInput, requirementInput } from '../../support/document.ts'

/** Two revisions, recorded at the same moment: the second has no slice out-tcp-443 any more. */
async function published(t: Parameters<typeof startApp>[0]) {
  const app = await startApp(t, { isSeeded: false, now: '2026-11-24T12:00:00Z' })
  const headers = await app.key('catalogue:publish', 'catalogue:override')
  const url = '/v1/catalogues/product-1/document'
  const endpoints = [{ kind: 'address', value: '20.0.0.1' }]
  const other = requirementInput({ key: 'other', services: [{ transport: 'tcp', ports: [22] }], endpoints })
  const put = async (label: string, requirements: readonly unknown[], condition: Readonly<Record<string, string>>) => {
    const { statusCode, body } = await app.request({
      method: 'PUT',
      url: `${url}?override=unannounced_removal&reason=test`,
      headers: { ...headers, 'content-type': 'application/json', ...condition },
      payload: JSON.stringify(documentInput({ edition: { label, summary: 'A summary' }, requirements }))
    })
    if (statusCode !== 201) throw new Error(body)
  }
  await put('1', [requirementInput({ endpoints }), other], { 'if-none-match': '*' })
  await put('2', [other], { 'if-match': String((await app.request(url)).headers.etag) })
  return async (path: string) => {
    const { statusCode, body, headers } = await app.request(`/v1/catalogues/product-1/exports/${path}`)
    if (statusCode !== 200) throw new Error(body)
    return { body, report: String(headers['portolan-export-report']) }
  }
}

interface GdcObject {
  readonly id: string
  readonly ranges: readonly string[]
}

function objectsOf(body: string): readonly GdcObject[] {
  // What the format says, whose own tests check its shape.
  const { objects } = JSON.parse(body) as { readonly objects: readonly GdcObject[] }
  return objects
}

t.test("a rule of Check Point's keeps its object when its slice has gone, with an inert address in it", async (t) => {
  const read = await published(t)
  const url = 'checkpoint-gdc?slice=out-tcp-443'
  const [before, after] = [await read(`${url}&asOf=1`), await read(url)]
  const [was] = objectsOf(before.body)
  t.match(was, { ranges: ['20.0.0.1'] })
  t.match(objectsOf(after.body), [{ id: was?.id, ranges: ['192.0.2.1'] }])
  t.equal(after.report, 'entries=0, omitted=0, widened=0, placeholder=1, unnamed=0')
})

t.test('a zone of the next revision has a greater serial, even where both were recorded in one second', async (t) => {
  const read = await published(t)
  const serial = async (query: string) => Number(/SOA .* \( (\d+)/.exec((await read(`rpz?${query}`)).body)?.[1])
  t.equal(await serial('slice=out-tcp-443&asOf=1'), Date.parse('2026-11-24T12:00:00Z') / 1000 + 1)
  t.equal(await serial('slice=out-tcp-443'), Date.parse('2026-11-24T12:00:00Z') / 1000 + 2)
})

t.test('the page in Markdown tells the change history up to its revision, newest first', async (t) => {
  const read = await published(t)
  const historyOf = ({ body }: { readonly body: string }) =>
    body.split('## Change history\n\n')[1]?.split('\n').slice(2)
  const line = (number: number) => `| 2026-11-24T12:00:00Z | ${number} (${number}) | A summary<br>reason: test |`
  t.strictSame(historyOf(await read('markdown')), [line(2), line(1), ''])
  t.strictSame(historyOf(await read('markdown?asOf=1')), [line(1), ''])
})
