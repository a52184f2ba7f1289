import { readFileSync } from 'node:fs'
import t from 'tap'
import { missing, run } from '../render/formats/support/tool.ts'
import { repository } from '../support/repository.ts'
import { startService } from '../support/service.ts'
import { type StandInForNetBox, standInForNetBox } from './support/netbox.ts'
import { addresses, edition, running } from './support/running.ts'

const skip = missing('python3')
const nothing = '{"create": 0, "update": 0, "remove": 0}\n'
const ours = (netbox: StandInForNetBox) =>
  netbox.has('ipam/ip-addresses').map(({ address, status }) => `${address} ${status}`)

function syncOf(portolan: string, netbox: StandInForNetBox, token = 'secret') {
  const env = { PORTOLAN_URL: portolan, NETBOX_URL: netbox.url, NETBOX_TOKEN: token }
  return (...words: readonly string[]) =>
    run('python3', [`${repository}/examples/netbox/netbox_sync.py`, ...words], { env })
}

t.test('NetBox has what the catalogues say, and a second run finds nothing to do', { skip }, async (t) => {
  const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
  t.teardown(() => service.stop())
  const netbox = await standInForNetBox(t, 'secret')
  const sync = syncOf(service.address, netbox)

  t.match(await sync('--dry-run'), { code: 0, stdout: /^create {2}ip-addresses 185\.155\.104\.24\/32$/m })
  t.strictSame([...new Set(netbox.methods())], ['GET'], 'a dry run writes nothing')
  const first = await sync()
  t.match(first, { code: 0, stderr: '' })
  t.match(readFileSync(`${repository}/examples/netbox/README.md`, 'utf8'), first.stdout.trim(), 'as its page prints it')
  t.ok(ours(netbox).includes('185.155.104.24/32 active'))
  t.ok(ours(netbox).includes('184.72.245.1/32 deprecated'), 'an end stays, with its status')
  netbox.methods()
  t.match(await sync(), { code: 0, stdout: nothing })
  t.strictSame([...new Set(netbox.methods())], ['GET'], 'and writes nothing')
  t.match(await syncOf(service.address, netbox, 'another')(), { code: 1, stderr: /403/ })
})

t.test('what is changed is changed, what is gone is removed, and what others entered stays', { skip }, async (t) => {
  const { service, publish } = await running(t)
  const netbox = await standInForNetBox(t, 'secret')
  const sync = syncOf(service.address, netbox)
  netbox.enter('ipam/ip-addresses', { address: '20.0.2.9/32', status: 'active', description: 'by hand' })

  await publish(edition(...addresses('20.0.2.1', '20.0.2.2', '20.1.0.0/24', '20.0.2.9')))
  t.match(await sync(), { code: 0, stdout: /^left {4}20\.0\.2\.9\/32: somebody else entered it\n\{"create": 4, / })
  await publish(
    edition(...addresses('20.0.2.1'), { kind: 'address', value: '20.0.2.3', until: '2001-01-01T00:00:00Z' })
  )
  t.match(await sync(), { code: 0, stdout: /"create": 1, "update": 0, "remove": 2/ })
  t.strictSame(ours(netbox).sort(), ['20.0.2.1/32 active', '20.0.2.3/32 deprecated', '20.0.2.9/32 active'])
  t.strictSame(netbox.has('ipam/prefixes'), [])

  await publish(edition({ kind: 'address', value: '20.0.2.1', remarks: 'The second site.' }))
  netbox.refuse('PATCH')
  t.match(await sync(), { code: 1, stderr: /^PATCH .*: 503/ })
  netbox.refuse()
  t.match(await sync(), { code: 0, stdout: '{"create": 0, "update": 1, "remove": 0}\n' }, 'the next run does the rest')
  t.match(netbox.has('ipam/ip-addresses').at(-1), { comments: /The second site/ })
  t.match(await sync(), { code: 0, stdout: nothing })

  t.match(await sync('--remove-all'), { code: 0, stdout: /"create": 0, "update": 0, "remove": 2/ })
  t.strictSame(ours(netbox), ['20.0.2.9/32 active'])
})

t.test('an empty answer of the service removes nothing', { skip }, async (t) => {
  const { service, publish } = await running(t)
  const netbox = await standInForNetBox(t, 'secret')
  const sync = syncOf(service.address, netbox)
  await publish(edition(...addresses('20.0.2.1')))
  t.match(await sync(), { code: 0 })
  const empty = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:', PORTOLAN_CATALOGUES: '' })
  t.teardown(() => empty.stop())
  t.match(await syncOf(empty.address, netbox)(), { code: 1, stderr: /answered nothing at all/ })
  t.strictSame(ours(netbox), ['20.0.2.1/32 active'])
})
