import { readFileSync } from 'node:fs'
import t from 'tap'
import { parse } from 'yaml'
import { missing, run } from '../render/formats/support/tool.ts'
import { postgresServer } from '../support/postgres.ts'
import { repository } from '../support/repository.ts'
import { startService } from '../support/service.ts'

const server = postgresServer(t)
const read = (path: string) => readFileSync(`${repository}/${path}`, 'utf8')

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: Readonly<Record<string, string>>
}
interface AlertTest {
  readonly alertname: string
  readonly exp_alerts: readonly unknown[]
}

const rules: readonly Rule[] = parse(read('deploy/alerts.yml')).groups.flatMap(
  ({ rules }: { rules: readonly Rule[] }) => rules
)
const dashboard = JSON.parse(read('deploy/grafana.json'))
const shown: readonly string[] = dashboard.panels.flatMap(({ targets }: { targets: readonly { expr: string }[] }) =>
  targets.map(({ expr }) => expr)
)

/** The names of metrics in an expression. The parts of a histogram are named by the histogram. */
function metricsIn(expr: string): readonly string[] {
  return [...expr.matchAll(/\b(portolan|process|nodejs)_\w+/g)].map(([name]) =>
    name.replace(/_(count|sum|bucket)$/, '')
  )
}

const used = [...new Set([...rules.map(({ expr }) => expr), ...shown].flatMap(metricsIn))]

t.test(
  'promtool reads the rules, and each alert fires when it should and not before',
  {
    skip: missing('promtool')
  },
  async (t) => {
    const check = await run('promtool', ['check', 'rules', `${repository}/deploy/alerts.yml`])
    t.equal(check.code, 0, check.stderr)
    const tests = await run('promtool', ['test', 'rules', 'alerts.test.yml'], { cwd: `${repository}/deploy` })
    t.equal(tests.code, 0, tests.stdout + tests.stderr)
  }
)

t.test('each alert is tested both ways, and says what to do', async (t) => {
  const tests: readonly AlertTest[] = parse(read('deploy/alerts.test.yml')).tests.flatMap(
    ({ alert_rule_test }: { alert_rule_test: readonly AlertTest[] }) => alert_rule_test
  )
  const anchors = [...read('docs/operations.md').matchAll(/^#+ (.*)$/gm)].map(
    ([, heading = '']) => `docs/operations.md#${heading.toLowerCase().replace(/ /g, '-')}`
  )
  t.ok(rules.length >= 9)
  for (const { alert, annotations } of rules) {
    const own = tests.filter(({ alertname }) => alertname === alert)
    t.ok(
      own.some(({ exp_alerts }) => exp_alerts.length > 0) && own.some(({ exp_alerts }) => exp_alerts.length === 0),
      alert
    )
    t.ok(anchors.includes(annotations.runbook ?? ''), `${alert}: ${annotations.runbook}`)
  }
})

t.test('every metric that an alert or the dashboard names is told by the service, and explained', async (t) => {
  const service = await startService({
    PORTOLAN_DATABASE_URL: await server.database(),
    PORTOLAN_RATE_LIMIT: '3000'
  })
  const told = await (await fetch(`${service.address}/metrics`)).text()
  await service.stop()
  const names = new Set([...told.matchAll(/^# TYPE (\w+) /gm)].map(([, name]) => name))
  const page = read('docs/metrics.md')
  t.ok(used.length > 20)
  for (const name of used) {
    t.ok(names.has(name), `/metrics has ${name}`)
    if (!name.startsWith('portolan_')) continue
    // The page shortens what begins in the same way: `portolan_work_threads`, `_running`.
    const isNamed = [...page.matchAll(/`(portolan_\w+?|_\w+)(_…)?`/g)].some(([, word = '', rest]) =>
      rest ? name.startsWith(word) : name === word || (word.startsWith('_') && name.endsWith(word))
    )
    t.ok(isNamed, `docs/metrics.md has ${name}`)
  }
  for (const name of ['portolan_nothing', 'portolan_work']) t.notOk(names.has(name), 'and no other name is')
})

t.test('the dashboard has one panel for each id, each with a place of its own', async (t) => {
  const { panels } = dashboard
  const places = panels.map(({ gridPos }: { gridPos: { x: number; y: number } }) => `${gridPos.x} ${gridPos.y}`)
  for (const all of [panels.map(({ id }: { id: number }) => id), places]) t.equal(new Set(all).size, panels.length)
  for (const { title, targets, datasource } of panels) {
    t.ok(title && targets.length > 0, title)
    t.equal(datasource.uid, `\${${dashboard.templating.list[0].name}}`)
    for (const { expr } of targets) t.match(expr, /job="\$job"/, title)
  }
})
