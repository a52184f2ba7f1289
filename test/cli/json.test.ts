import t from 'tap'
import { openStore } from '../../src/store/open.ts'
import { clearswiftPath, startApp } from '../support/app.ts'
import { clearswift, lastSecond, portolan, seeded } from './support/portolan.ts'

t.test('--json is what REST answers', async (t) => {
  const store = await seeded(t)
  const app = await startApp(t, { store: await openStore(`sqlite:${store}`), isSeeded: false })
  const now = new Date(app.clock.now).toISOString()
  const clocks = ['--as-of', 'label:2.3', '--effective-at', lastSecond]
  const query = `asOf=label:2.3&effectiveAt=${lastSecond}`
  const questions: readonly (readonly [string, readonly string[]])[] = [
    ['/v1/catalogues', ['list']],
    [
      `/v1/catalogues?asOf=2018-09-15T00:00:00Z&effectiveAt=${lastSecond}`,
      ['list', '--as-of', '2018-09-15T00:00:00Z', '--effective-at', lastSecond]
    ],
    [clearswiftPath, ['show', clearswift]],
    [`${clearswiftPath}?${query}`, ['show', clearswift, ...clocks]],
    [
      `${clearswiftPath}?${query}&status=all&family=ipv4`,
      ['show', clearswift, ...clocks, '--status', 'all', '--family', 'ipv4']
    ],
    [
      `${clearswiftPath}/requirements?${query}&port=80&port=53&tag=dns`,
      ['requirements', clearswift, ...clocks, '--port', '80', '--port', '53', '--tag', 'dns']
    ],
    [`${clearswiftPath}/document?asOf=1`, ['document', clearswift, '--as-of', '1']],
    [`${clearswiftPath}/revisions`, ['revisions', clearswift]],
    [`${clearswiftPath}/diff?from=1&to=2`, ['diff', clearswift, '1', '2']],
    [`${clearswiftPath}/diff`, ['diff', clearswift]],
    [
      `${clearswiftPath}/diff?from=2&to=2&fromEffectiveAt=${lastSecond}&toEffectiveAt=2018-11-22T00:00:00Z`,
      ['diff', clearswift, '2', '2', '--from-effective-at', lastSecond, '--to-effective-at', '2018-11-22T00:00:00Z']
    ],
    [`${clearswiftPath}/timeline?${query}`, ['timeline', clearswift, ...clocks]],
    ['/v1/lookup?value=184.72.245.1', ['lookup', '184.72.245.1']],
    [
      `/v1/lookup?value=tcp/443&asOf=2018-09-15T00:00:00Z&effectiveAt=${lastSecond}`,
      ['lookup', 'tcp/443', '--as-of', '2018-09-15T00:00:00Z', '--effective-at', lastSecond]
    ]
  ]
  for (const [url, argv] of questions) {
    const { code, output } = await portolan([...argv, '--json'], { store, now })
    const answer = await app.request(url)
    t.equal(answer.statusCode, 200, url)
    t.equal(code, 0, url)
    t.equal(output, `${answer.body}\n`, url)
  }

  t.test('document as YAML', async (t) => {
    const { output } = await portolan(['document', clearswift], { store, now })
    const headers = { accept: 'application/yaml' }
    t.equal(output, (await app.request({ url: `${clearswiftPath}/document`, headers })).body)
  })

  t.test('audit', async (t) => {
    const entries = ['184.72.245.1', 'repo.clearswift.net', { value: '192.0.2.1', port: 'tcp/80' }]
    const { body } = await app.request({
      method: 'POST',
      url: `${clearswiftPath}/audit?${query}`,
      payload: { entries }
    })
    const argv = ['audit', clearswift, ...clocks, '--json']
    const lines = '184.72.245.1\nrepo.clearswift.net\n192.0.2.1 tcp/80\n'
    for (const input of [lines, JSON.stringify({ entries })])
      t.equal((await portolan(argv, { store, now, input })).output, `${body}\n`)
  })

  t.test('errors', async (t) => {
    const problems = [
      ['/v1/catalogues/nope', ['show', 'nope']],
      [`${clearswiftPath}?asOf=9`, ['show', clearswift, '--as-of', '9']],
      [`${clearswiftPath}?asOf=2017-01-01T00:00:00Z`, ['show', clearswift, '--as-of', '2017-01-01T00:00:00Z']]
    ] as const
    for (const [url, argv] of problems) {
      const { code, output, error } = await portolan([...argv, '--json'], { store, now })
      const { instance: _, status: __, ...problem } = (await app.request(url)).json()
      const told = JSON.parse(error)
      // A shell also says which catalogues there are.
      const detail = told.detail.replace(/; there are .*$/s, '.')
      t.strictSame([code, output, { ...told, detail }], [1, '', problem], url)
    }
  })
})
