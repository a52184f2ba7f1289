import t from 'tap'
import { missing, run } from '../render/formats/support/tool.ts'
import { clearswift } from '../support/app.ts'
import { repository } from '../support/repository.ts'
import { startService } from '../support/service.ts'

const skip = missing('dash', 'curl', 'jq')

t.test('a firewall by addresses, and one by names, can agree with the catalogue', { skip }, async (t) => {
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => service.stop())
  const script = `${repository}/examples/drift-check/drift-check.sh`
  const check = (input: string, query = '') => run('dash', [script, service.address, clearswift, query], { input })
  const valuesOf = async (kind: string) => {
    const answer = await fetch(`${service.address}/v1/catalogues/${clearswift}/endpoints?kind=${kind}&format=ndjson`)
    const rows = (await answer.text()).trim().split('\n')
    return [...new Set(rows.map((row) => JSON.parse(row).value))].join('\n')
  }
  const [addresses, hosts] = [await valuesOf('address'), await valuesOf('host')]

  t.match(await check(addresses), { code: 0, stdout: 'no drift\n' })
  t.match(await check(hosts, 'kind=host'), { code: 0, stdout: 'no drift\n' })
  t.match(await check(hosts), { code: 0 }, 'the addresses of these names are covered')
  t.match(await check(`${addresses}\n9.9.9.9\n`), { code: 0, stdout: /^unknown +9\.9\.9\.9 $/m }, 'unknown is no drift')
  t.match(await check(`${addresses}\n184.72.245.1\n`), { code: 1, stdout: /^retired +184\.72\.245\.1/m })
  t.match(await check(`${addresses}\npermit ip any any\n`), { code: 1, stdout: /^invalid +permit ip any any/m })
  t.match(await check('', 'scope=external'), { code: 1, stdout: /^missing /m })
  t.match(await check('', 'requirement=none'), { code: 0 }, 'only what the query selects can be missing')
  t.match(await check(addresses, 'asOf=99'), { code: 2, stderr: /unknown_revision/ })
  t.match(await run('dash', [script]), { code: 2, stderr: /^usage: / })
})
