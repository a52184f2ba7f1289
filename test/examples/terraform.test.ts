import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { clearswift, rendered, renderedText } from '../render/formats/support/rendered.ts'
import { missing, run } from '../render/formats/support/tool.ts'
import { example, startSite } from './support/site.ts'

const before = '2018-11-21T23:59:59Z'
const after = '2018-11-22T00:00:00Z'
const retired = '184.72.245.1/32'

t.test(
  'the module plans with what it fetched, and keeps what was good',
  {
    skip: missing('terraform', 'curl', 'tar')
  },
  async (t) => {
    const site = await startSite(t)
    const cwd = example(t, 'terraform')
    const env = { PORTOLAN_EXPORT: site.url, CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' }
    const refresh = () => run('./refresh.sh', [], { cwd, env })
    const place = join(cwd, 'portolan.auto.tfvars.json')
    const { body } = rendered('terraform', { document: clearswift, at: after })

    site.answer(undefined)
    t.not((await refresh()).code, 0)
    t.notOk(existsSync(place))
    site.answer(body)
    t.match(await refresh(), { code: 0, stderr: '' })
    const good = readFileSync(place, 'utf8')
    const planned = await run('terraform', ['plan', '-input=false', '-refresh=false', '-no-color'], { cwd, env })
    t.match(planned, { code: 0, stdout: /"tcp-80 185\.155\.104\.24\/32"/ })
    t.notMatch(planned.stdout, retired)

    const faulty = Buffer.from(
      Buffer.from(body).toString('latin1').replace('185.155.104.24/', '185.155.104.99x'),
      'latin1'
    )
    for (const [name, wrong] of [
      ['a service that is not ready', undefined],
      ['an address', faulty],
      ['half an archive', body.slice(0, 700)],
      ['values that held until 2018', rendered('terraform', { document: clearswift, at: before }).body]
    ] as const) {
      site.answer(wrong)
      t.not((await refresh()).code, 0, name)
      t.equal(readFileSync(place, 'utf8'), good, name)
    }
  }
)

t.test('the module is in good form', { skip: missing('terraform') }, async (t) => {
  const cwd = example(t, 'terraform')
  const env = { CHECKPOINT_DISABLE: '1', TF_CLI_CONFIG_FILE: '/dev/null' }
  t.match(await run('terraform', ['fmt', '-check', '-diff'], { cwd, env }), { code: 0, stdout: '' })
  writeFileSync(join(cwd, 'variables.tf'), renderedText('terraform', { part: 'variables.tf' }))
  t.match(await run('terraform', ['validate', '-no-color'], { cwd, env }), { code: 0 })
})
