import t from 'tap'
import { startApp } from '../support/app.ts'
import { clearswift, mirrors, portolan, portolanProcess, retirement, seeded } from './support/portolan.ts'

const lines = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))

t.test('an export has the bytes that the service answers', async (t) => {
  const store = await seeded(t)
  const { request } = await startApp(t, { now: retirement })
  for (const [format, ...options] of [
    ['plain-ip', 'slice', 'out-tcp-80'],
    ['plain-host', 'slice', 'out-tcp-80'],
    ['plain-ip', 'slice', 'all']
  ]) {
    const ran = await portolan(['export', clearswift, String(format), `--${options[0]}`, String(options[1])], {
      store,
      now: retirement
    })
    const { body } = await request(`/v1/catalogues/${clearswift}/exports/${format}?${options.join('=')}`)
    t.strictSame(ran, { code: 0, output: body, error: '' })
  }
})

t.test('the clocks and the window are those of every read', async (t) => {
  const store = await seeded(t)
  const list = async (...options: readonly string[]) =>
    lines((await portolan(['export', clearswift, 'plain-ip', '--slice', 'out-tcp-80', ...options], { store })).output)
  t.equal((await list()).filter((line) => mirrors.includes(line)).length, 0)
  t.equal((await list('--effective-at', '2018-11-21T23:59:59Z')).filter((line) => mirrors.includes(line)).length, 6)
  t.equal((await list('--effective-at', retirement, '--lag', 'P1D')).filter((line) => mirrors.includes(line)).length, 6)
  t.equal(
    (await list('--effective-at', '2018-10-15T00:00:00Z', '--as-of', '1')).filter((line) => mirrors.includes(line))
      .length,
    6
  )
})

t.test('a report is told instead of the bytes, the same as over HTTP', async (t) => {
  const store = await seeded(t)
  const { request } = await startApp(t, { now: retirement })
  const { output } = await portolan(['export', clearswift, 'plain-ip', '--slice', 'out-tcp-80', '--report'], {
    store,
    now: retirement
  })
  const { body } = await request(`/v1/catalogues/${clearswift}/exports/plain-ip/report?slice=out-tcp-80`)
  t.strictSame(JSON.parse(output), JSON.parse(body))
})

t.test('what is refused is told on the error stream, and the exit code says of which kind it is', async (t) => {
  const store = await seeded(t)
  const ran = (...options: readonly string[]) => portolan(['export', clearswift, ...options], { store })
  const refused = await ran('plain-ip')
  t.match(refused, { code: 1, output: '', error: /--slice all if you mean all of them/ })
  t.match(await ran('plain-ip', '--slice', 'out-tcp-81'), { code: 1, output: '', error: /has a slice out-tcp-81/ })
  t.match(await ran('nothing'), { code: 1, output: '', error: /no format nothing/ })
  t.match(await ran('plain-ip', '--slice', 'all', '--lead', '7'), { code: 2, output: '', error: /P7D/ })
  t.match(await ran('plain-ip', '--slice', 'all', '--aggregate', 'some'), { code: 2, output: '', error: /budget:N/ })
  t.match(await ran('plain-ip', '--slice', 'all', '--mode', 'sets'), { code: 2, output: '', error: /no modes/ })
})

t.test('slices and formats are listed for people and for programs', async (t) => {
  const store = await seeded(t)
  const { request } = await startApp(t)
  const people = await portolan(['slices', clearswift, '--scope', 'external'], { store })
  t.match(people.output, /^slice +requirements +addresses/)
  t.match(people.output, /^out-tcp-80 +6 +9 +15/m)
  const programs = JSON.parse((await portolan(['slices', clearswift, '--json'], { store })).output)
  interface Listed {
    readonly items: readonly { readonly exports?: object }[]
  }
  const { items } = (await request(`/v1/catalogues/${clearswift}/slices`)).json<Listed>()
  t.strictSame(programs, { items: items.map(({ exports: _, ...slice }) => slice) })
  t.match((await portolan(['formats'])).output, /^plain-ip +list/m)
  t.strictSame(JSON.parse((await portolan(['formats', '--json'])).output), (await request('/v1/formats')).json())
})

t.test('a process writes the bytes as they are', async (t) => {
  const store = await seeded(t)
  const { code, output } = await portolanProcess(['export', clearswift, 'plain-host', '--slice', 'out-tcp-80'], {
    store
  })
  t.equal(code, 0)
  t.match(lines(output), ['apphelp.clearswift.com'])
})
