import { existsSync, readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { temporary } from '../cli/support/portolan.ts'
import { missing, run } from '../render/formats/support/tool.ts'
import { clearswift } from '../support/app.ts'
import { repository } from '../support/repository.ts'
import { startService } from '../support/service.ts'
import { addresses, edition, running } from './support/running.ts'
import { type StandInForServiceNow, standInForServiceNow } from './support/servicenow.ts'

const skip = missing('python3')
const page = readFileSync(`${repository}/examples/servicenow/README.md`, 'utf8')
const nothing = '{"inserted": 0, "updated": 0, "ignored": 0}\n'

function loadOf(t: Test, portolan: string, { url }: StandInForServiceNow, password = 'secret') {
  const state = temporary(t, 'state.json')
  const credentials = { SERVICENOW_USER: 'portolan', SERVICENOW_PASSWORD: password }
  const env = { PORTOLAN_URL: portolan, SERVICENOW_URL: url, ...credentials }
  const load = (...words: readonly string[]) =>
    run('python3', [`${repository}/examples/servicenow/servicenow_load.py`, ...words], { env })
  return { state, load, rows: (...words: readonly string[]) => load('rows', state, ...words) }
}

t.test('ServiceNow gets each endpoint once, and one change request for a change pack', { skip }, async (t) => {
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => service.stop())
  const servicenow = await standInForServiceNow(t, 'portolan', 'secret')
  const { load, rows, state } = loadOf(t, service.address, servicenow)
  const change = (...words: readonly string[]) => load('change', clearswift, '1', '2', ...words)

  t.match(await rows('--dry-run'), { code: 0, stdout: /"u_name": "185\.155\.104\.24"/ })
  t.match(await change('--dry-run'), { code: 0, stdout: /"requested_by_date": "2018-11-22 00:00:00"/ })
  t.strictSame([servicenow.writes(), existsSync(state)], [[], false], 'a dry run writes nothing')

  const first = await rows()
  t.match(first, { code: 0, stderr: '' })
  t.match(page, first.stdout.trim(), 'as its page prints it')
  t.match(await rows(), { code: 0, stdout: nothing })
  servicenow.writes()
  t.match(await change(), { code: 0, stdout: 'CHG0030001 created\n' })
  t.match(await change(), { code: 0, stdout: 'CHG0030001 is there already\n' })
  t.strictSame(servicenow.writes(), ['POST /api/now/table/change_request'])
  t.match(servicenow.changes, [{ short_description: /Open 4 addresses/, description: /70\.33\.161\.213/ }])
  t.match(await load('change', clearswift, '2', '2'), { code: 0, stdout: 'nothing is to be done\n' })
  t.match(await loadOf(t, service.address, servicenow, 'wrong').rows(), { code: 1, stderr: /401/ })
})

t.test('a tombstone retires, and a run that broke off goes on where it stopped', { skip }, async (t) => {
  const { service, publish } = await running(t)
  const servicenow = await standInForServiceNow(t, 'portolan', 'secret')
  const { rows } = loadOf(t, service.address, servicenow)
  const statuses = () =>
    Object.fromEntries([...servicenow.records.values()].map((row) => [row.u_name, row.u_operational_status]))

  await publish(edition(...addresses('20.0.0.1', '20.0.0.2')))
  servicenow.refuseFrom(1)
  t.match(await rows(), { code: 1, stderr: /503/ })
  servicenow.refuseFrom(undefined)
  t.match(await rows(), { code: 0, stdout: '{"inserted": 1, "updated": 0, "ignored": 0}\n' })
  t.strictSame(statuses(), { '20.0.0.1': '1', '20.0.0.2': '1' })

  await publish(edition(...addresses('20.0.0.1', '20.0.0.3')))
  t.match(await rows(), { code: 0, stdout: '{"inserted": 1, "updated": 1, "ignored": 0}\n' })
  t.strictSame(statuses(), { '20.0.0.1': '1', '20.0.0.2': '6', '20.0.0.3': '1' })
  t.match(await rows(), { code: 0, stdout: nothing })
})
