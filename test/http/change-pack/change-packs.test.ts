import t from 'tap'
import { clearswift, clearswiftPath, startApp } from '../../support/app.ts'

const path = `${clearswiftPath}/change-pack`

t.test('the work of issue 2.3 is one open, one check and one close, under one id in each format', async (t) => {
  const { request } = await startApp(t)
  const answer = await request(`${path}?from=1&to=2`)
  const pack = answer.json()
  t.match(pack, {
    id: '0ed62aecc0b09f10',
    catalogue: clearswift,
    from: { revision: 1, label: 'pre-2.3' },
    to: { revision: 2, label: '2.3' },
    summary: 'Open 4 addresses from 2018-10-01; close 6 from 2018-11-22.',
    deadline: '2018-11-22T00:00:00Z',
    risk: { opens: { hosts: 0, addresses: 4, widest: '/32', newPorts: [] } },
    kept: []
  })
  t.strictSame(
    pack.steps.map((step: { do: string; rows: unknown[] }) => [step.do, step.rows.length]),
    [
      ['open', 4],
      ['verify', 4],
      ['close', 6]
    ]
  )
  t.match(pack.steps[0], {
    notBefore: '2018-10-01T00:00:00Z',
    by: '2018-11-22T00:00:00Z',
    rows: [
      { value: '70.33.161.213', slice: 'out-tcp-80', requirements: ['kaspersky-av-updates', 'sophos-av-updates'] }
    ],
    check: ['nc -zw3 70.33.161.213 80'],
    backout: 'remove these rows'
  })
  t.match(pack.steps[2], {
    after: [1, 2],
    notBefore: '2018-11-22T00:00:00Z',
    backout: /exports\/\{format\}\?asOf=2&effectiveAt=2018-11-21T23:59:59Z$/
  })
  t.equal(answer.headers['cache-control'], 'max-age=60, must-revalidate', 'others may need more at any time')
  t.equal((await request(`${path}?from=label:pre-2.3&to=label:2.3`)).json().id, pack.id)

  const markdown = await request(`${path}?from=1&to=2&format=markdown`)
  t.match(markdown.headers['content-type'], 'text/markdown')
  t.match(markdown.body, '## 3. Close, not before 2018-11-22 00:00, after steps 1 and 2')
  t.match(markdown.body, '# Clearswift SECURE Exchange Gateway 4.8: from pre-2.3 to 2.3')
  t.match(markdown.body, pack.id)
  const accepted = await request({ url: `${path}?from=1&to=2`, headers: { accept: 'text/markdown' } })
  t.equal(accepted.body, markdown.body)
})

t.test('since= takes the ETag of what was loaded, and what it names is the beginning', async (t) => {
  const { request } = await startApp(t)
  const old = await request(`${clearswiftPath}?asOf=1&effectiveAt=2018-09-20T00:00:00Z`)
  const etag = String(old.headers.etag)
  const values = (body: { steps: { do: string; rows: { value: string }[] }[] }) =>
    body.steps.map((step) => [step.do, step.rows.length])
  const whole = [
    ['open', 4],
    ['verify', 4],
    ['close', 6]
  ]
  for (const tag of [etag, `W/${etag}`, etag.replace(/"$/, '-gzip"'), etag.replaceAll('"', '')])
    t.strictSame(values((await request(`${path}?since=${encodeURIComponent(tag)}`)).json()), whole, tag)
  const newer = await request(`${clearswiftPath}/exports/plain-ip?slice=all&asOf=2&effectiveAt=2018-10-02T00:00:00Z`)
  t.strictSame(values((await request(`${path}?since=${newer.headers.etag}`)).json()), [['close', 6]], 'the end passed')
  const current = await request(clearswiftPath)
  t.strictSame((await request(`${path}?since=${current.headers.etag}`)).json().steps, [])
  t.strictSame(values((await request(`${path}?since=1`)).json()), whole, 'the first event of the log')
})

t.test('at= is one transition of the newest revision', async (t) => {
  const { request } = await startApp(t)
  t.match((await request(`${path}?at=2018-11-22T00:00:00Z`)).json().steps, [
    { do: 'close', notBefore: '2018-11-22T00:00:00Z', rows: { length: 6 } }
  ])
  t.match((await request(`${path}?at=2018-11-23T00:00:00Z`)).json(), {
    code: 'invalid_parameter',
    detail: /there are 2018-10-01T00:00:00Z, 2018-11-22T00:00:00Z/
  })
})

t.test('a question that is none, or two, says what would be right', async (t) => {
  const { request } = await startApp(t)
  for (const [query, status, code] of [
    ['', 400, 'invalid_parameter'],
    ['?from=1', 400, 'invalid_parameter'],
    ['?from=1&to=2&since=1', 400, 'invalid_parameter'],
    ['?since=1&at=2018-11-22T00:00:00Z', 400, 'invalid_parameter'],
    ['?at=2018-11-22', 400, 'invalid_instant'],
    ['?since=nonsense', 422, 'unknown_tag'],
    ['?since=%221-0123456789abcdef-0-0123456789ab-json%22', 422, 'unknown_tag'],
    ['?since=0', 422, 'time_out_of_range'],
    ['?from=1&to=9', 422, 'unknown_revision'],
    ['?from=1&to=2&format=pdf', 400, 'invalid_parameter']
  ] as const) {
    const answer = await request(`${path}${query}`)
    t.strictSame([answer.statusCode, answer.json().code], [status, code], query)
  }
})

t.test('what another catalogue needs stays open and is named', async (t) => {
  const { request, key } = await startApp(t)
  const document = (await request(`${clearswiftPath}/document?asOf=2`)).json()
  const requirement = document.requirements.find((each: { key: string }) => each.key === 'sophos-av-updates')
  const endpoints = [{ kind: 'address', value: '54.254.98.96' }]
  const created = await request({
    method: 'PUT',
    url: '/v1/catalogues/other/document',
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...(await key('catalogue:publish')) },
    payload: JSON.stringify({ ...document, id: 'other', requirements: [{ ...requirement, endpoints }] })
  })
  t.equal(created.statusCode, 201)
  const pack = (await request(`${path}?from=1&to=2`)).json()
  t.match(pack.kept, [
    { value: '54.254.98.96', slice: 'out-tcp-80', neededBy: [{ catalogue: 'other', requirement: 'sophos-av-updates' }] }
  ])
  t.equal(pack.steps[2].rows.length, 5)
})

t.test('a ticket system gets one change for each window, under an id that stays', async (t) => {
  const { request } = await startApp(t)
  const servicenow = await request(`${path}?from=1&to=2&format=servicenow`)
  t.match(servicenow.headers['content-type'], 'application/json')
  const { changes } = servicenow.json()
  t.match(changes, [
    {
      type: 'normal',
      short_description: 'Open 4 addresses for Clearswift SECURE Exchange Gateway 4.8',
      start_date: '2018-10-01 00:00:00',
      end_date: '2018-11-22 00:00:00',
      correlation_id: '0ed62aecc0b09f10-1',
      correlation_display: 'Portolan',
      implementation_plan: /outbound 70\.33\.161\.213 tcp\/80, needed by kaspersky-av-updates, sophos-av-updates/,
      test_plan: /nc -zw3 70\.33\.161\.213 80/,
      backout_plan: 'Remove these rows.'
    },
    {
      short_description: 'Close 6 addresses for Clearswift SECURE Exchange Gateway 4.8',
      start_date: '2018-11-22 00:00:00',
      end_date: '2018-11-23 00:00:00',
      correlation_id: '0ed62aecc0b09f10-3',
      implementation_plan: /^Not before steps 1, 2 of the change pack are done\.\n/,
      backout_plan: /^Load .*\/exports\/\{format\}\?asOf=2&effectiveAt=2018-11-21T23:59:59Z$/
    }
  ])
  t.equal(changes.length, 2)

  const { issueUpdates } = (await request(`${path}?from=1&to=2&format=jira`)).json()
  t.match(issueUpdates, [
    {
      fields: {
        summary: 'Open 4 addresses for Clearswift SECURE Exchange Gateway 4.8',
        issuetype: { name: 'Task' },
        description: { type: 'doc', version: 1 },
        duedate: '2018-11-22',
        labels: ['portolan', 'portolan-0ed62aecc0b09f10']
      },
      properties: [{ key: 'portolan', value: { pack: '0ed62aecc0b09f10', step: 1 } }]
    },
    { fields: { duedate: '2018-11-22' }, properties: [{ value: { step: 3 } }] }
  ])
})

t.test('a table has a line for each row of each step, and a calendar an entry for each step', async (t) => {
  const { request } = await startApp(t)
  const csv = await request(`${path}?from=1&to=2&format=csv`)
  const [head, ...lines] = csv.body.trimEnd().split('\r\n')
  t.match(head, /^pack,step,do,notBefore,by,after,direction,kind,value,services,/)
  t.equal(lines.length, 14)
  t.match(
    lines[0],
    '0ed62aecc0b09f10,1,open,2018-10-01T00:00:00Z,2018-11-22T00:00:00Z,,outbound,address,70.33.161.213,tcp/80,out-tcp-80,'
  )
  const accepted = await request({ url: `${path}?from=1&to=2`, headers: { accept: 'text/csv' } })
  t.equal(accepted.body, csv.body)

  const calendar = (await request(`${path}?from=1&to=2&format=ics`)).body
  t.equal(calendar.match(/^BEGIN:VEVENT\r$/gm)?.length, 3)
  t.match(calendar, 'UID:0ed62aecc0b09f10-3@portolan\r\n')
  t.match(calendar, 'DTSTART:20181122T000000Z\r\n')
  t.notOk(calendar.split('\r\n').some((line) => Buffer.byteLength(line) > 75))
})

t.test('a browser gets a page that says what the Markdown says, and nothing in it runs', async (t) => {
  const { request, key } = await startApp(t)
  const html = await request({ url: `${path}?from=1&to=2`, headers: { accept: 'text/html,*/*;q=0.8' } })
  t.match(html.headers['content-type'], 'text/html')
  t.match(html.headers['content-security-policy'], "default-src 'none'")
  t.match(html.body, '<h2>3. Close, not before 2018-11-22 00:00, after steps 1 and 2</h2>')
  t.match(html.body, '<td>185.155.104.24</td>')

  const hostile = '<script>alert(1)</script> [a](javascript:alert(1)) `x`'
  const document = (await request(`${clearswiftPath}/document?asOf=2`)).json()
  await request({
    method: 'PUT',
    url: '/v1/catalogues/hostile/document',
    headers: { 'content-type': 'application/json', 'if-none-match': '*', ...(await key('catalogue:publish')) },
    payload: JSON.stringify({ ...document, id: 'hostile', product: hostile, edition: { label: hostile, summary: 's' } })
  })
  const page = (await request('/v1/catalogues/hostile/change-pack?from=1&to=1&format=html')).body
  t.notMatch(page, /<script|href/)
  t.match(page, '&lt;script&gt;')
})
