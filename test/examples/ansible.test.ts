import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { clearswift, renderedText } from '../render/formats/support/rendered.ts'
import { missing, run } from '../render/formats/support/tool.ts'
import { startService } from '../support/service.ts'
import { example, startSite } from './support/site.ts'

const before = '2018-11-21T23:59:59Z'
const after = '2018-11-22T00:00:00Z'
const retired = '184.72.245.1/32'

t.test(
  'the playbook brings what a running service says, and does nothing the second time',
  {
    skip: missing('ansible-playbook')
  },
  async (t) => {
    const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
    t.teardown(() => service.stop())
    const play = playbook(example(t, 'ansible'))
    const url = `${service.address}/v1/catalogues/${clearswift.id}/exports/ansible?effectiveAt=`
    t.match(await play.run(url + after), { code: 0, stdout: /changed=3 / })
    t.match(play.target(), /^egress tcp 80 80 185\.155\.104\.24\/32$/m)
    t.notMatch(play.target(), retired)
    t.match(await play.run(url + after), { code: 0, stdout: /changed=0 / })
  }
)

t.test(
  'the playbook leaves everything as it is where anything is wrong',
  {
    skip: missing('ansible-playbook')
  },
  async (t) => {
    const site = await startSite(t)
    const play = playbook(example(t, 'ansible'))
    const values = renderedText('ansible', { document: clearswift, at: before })
    site.answer(values)
    t.match(await play.run(site.url), { code: 0, stdout: /failed=0 / })
    const good = play.target()
    t.match(good, retired)
    for (const [name, body] of [
      ['a service that is not ready', undefined],
      ['an address', values.replace('185.155.104.24/32', '185.155.104.24/33')]
    ] as const) {
      site.answer(body)
      t.not((await play.run(site.url)).code, 0, name)
      t.equal(play.target(), good, name)
    }
  }
)

function playbook(cwd: string) {
  return {
    target: () => readFileSync(join(cwd, 'allowed.conf'), 'utf8'),
    run: (url: string) => {
      const values = { portolan_export: url, portolan_folder: cwd, portolan_target: join(cwd, 'allowed.conf') }
      const args = ['-c', 'local', '-e', JSON.stringify(values), 'refresh.yml']
      return run('ansible-playbook', args, { cwd, env: { HOME: cwd, ANSIBLE_NOCOLOR: '1' }, timeout: 100_000 })
    }
  }
}

t.test('the playbook is in good form', { skip: missing('yamllint') }, async (t) => {
  const rules = '{extends: default, rules: {line-length: {max: 140}}}'
  const cwd = example(t, 'ansible')
  t.match(await run('yamllint', ['-s', '-d', rules, 'refresh.yml'], { cwd }), { code: 0, stdout: '' })
})
