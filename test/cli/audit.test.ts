import { writeFileSync } from 'node:fs'
import t from 'tap'
import { clearswift, lastSecond, mirrors, portolan, retirement, seeded, temporary } from './support/portolan.ts'

t.test('audit', async (t) => {
  const store = await seeded(t)
  const audit = (input: string, ...argv: string[]) => portolan(['audit', clearswift, ...argv], { store, input })
  const list = `# the firewall of the branch\n\n${mirrors.join(' tcp/80\n')} tcp/80 # the last\r\nrepo.clearswift.net\n192.0.2.1\ttcp/8000-8100\n`

  t.test('the mirrors are retiring, and at that instant they may be closed', async (t) => {
    const last = await audit(list, '--effective-at', lastSecond)
    t.equal(last.code, 0)
    t.match(
      last.output,
      /revision 2 \(2\.3\), at 2018-11-21T23:59:59Z: 1 current, 6 retiring, 0 planned, 0 retired, 1 unknown, \d+ missing\n/
    )
    t.match(last.output, /^retiring +184\.72\.245\.1 +tcp\/80 +kaspersky-av-updates sophos-av-updates +needed until/m)
    t.match(last.output, /^unknown +192\.0\.2\.1 +tcp\/8000-8100 +not named by this catalogue$/m)
    t.match(last.output, /^missing +host time\.clearswift\.net +udp\/123 ntp +ntp-server +required$/m)
    const first = await audit(list, '--effective-at', retirement)
    t.match(first.output, /: 1 current, 0 retiring, 0 planned, 6 retired, 1 unknown, /)
  })

  t.test('--check is for pipelines', async (t) => {
    t.equal((await audit(list, '--check')).code, 1)
    const file = temporary(t, 'all.txt')
    const { output } = await portolan(['show', clearswift, '--json'], { store })
    const requirements: readonly {
      readonly endpoints: readonly { readonly kind: string; readonly value: string }[]
    }[] = JSON.parse(output).requirements
    const values = requirements.flatMap(({ endpoints }) =>
      endpoints.filter(({ kind }) => kind === 'host' || kind === 'address').map(({ value }) => value)
    )
    writeFileSync(file, values.join('\n'))
    t.equal((await portolan(['audit', clearswift, file, '--check'], { store })).code, 0)
    writeFileSync(file, [...values, mirrors[0]].join('\n'))
    const { code } = await portolan(['audit', clearswift, file, '--check', '--json'], { store })
    t.equal(code, 1, 'one that is retired')
    const names = requirements.flatMap(({ endpoints }) =>
      endpoints.filter(({ kind }) => kind === 'host').map(({ value }) => value)
    )
    const byNames = await audit(names.join('\n'), '--check', '--kind', 'host', '--by', 'names')
    t.equal(byNames.code, 0, 'a firewall by names')
    t.match(byNames.output, / 0 unknown, 0 missing\n/)
  })

  t.test('JSON, as REST takes it', async (t) => {
    const { code, output } = await audit('\n {"entries": [{"value": "184.72.245.1", "port": "tcp/80"}]}', '--json')
    t.equal(code, 0)
    t.match(JSON.parse(output), { retired: [{ value: '184.72.245.1', port: 'tcp/80' }], unknown: [] })
  })

  t.test('what cannot be read', async (t) => {
    const lines = '192.0.2.1\n999.1.1.1\n# fine\nhost.example.net tcp/80 tcp/443\n'
    const told = await audit(lines)
    t.equal(told.code, 0)
    t.match(told.output, /1 unknown, \d+ missing\n2 invalid\n/)
    t.match(told.output, /^invalid +999\.1\.1\.1 +line 2: .*\ninvalid +host\.example\.net .* line 4: /m)
    t.equal((await audit(lines, '--check')).code, 1)
    const shape = await audit('{"entries": [{"port": "tcp/80"}], "extra": 1}')
    t.equal(shape.code, 1)
    t.match(shape.error, /\/entries\/0\/value: value is required/)
    t.match(shape.error, /\/extra: there is no field "extra" here/)
    t.match((await audit('{"entries": [')).error, /^error: The list .*line 1/)
    t.equal((await audit('', '/nonexistent/list.txt')).code, 2)
  })
})
