import { readFileSync } from 'node:fs'
import { isIP } from 'node:net'
import t from 'tap'
import { clearswift, startApp } from '../support/app.ts'
import { repository } from '../support/repository.ts'

const script = readFileSync(`${repository}/examples/powershell/Get-Portolan.ps1`, 'utf8')
const page = readFileSync(`${repository}/examples/powershell/README.md`, 'utf8')

/** The addresses that the script asks for, with what it would put into them. */
function addressesIn(text: string): readonly string[] {
  const query = /'(?<form>from=\{0\}&to=\{1\})'/.exec(text)?.groups?.form?.replace('{0}', '1').replace('{1}', '2') ?? ''
  return [...text.matchAll(/Get-Answer "(?<address>\$base\/[^"]+)"/g)].map(({ groups = {} }) =>
    String(groups.address)
      .replace('$base', `/v1/catalogues/${clearswift}`)
      .replace('$Slice', 'out-tcp-443')
      .replace('$query', query)
  )
}

t.test('what stands in the script is asked of a service, and the answers have what it reads', async (t) => {
  const app = await startApp(t)
  const [diff = '', list = '', ...more] = addressesIn(script)
  t.strictSame(more, [])

  const { statusCode, headers, body } = await app.request(list)
  t.equal(statusCode, 200)
  t.type(headers.etag, 'string')
  const addresses = body.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  t.match(page, `out-tcp-443: fetched, ${addresses.length} addresses`)
  for (const address of addresses) t.ok(isIP(String(address.split('/')[0])), `${address}: Windows Firewall takes it`)
  t.match(script, "$headers['If-None-Match'] = $ETag")
  const again = await app.request({ url: list, headers: { 'if-none-match': String(headers.etag) } })
  t.equal(again.statusCode, 304)

  const { changes } = (await app.request(diff)).json()
  t.match(changes[0], {
    op: 'changed',
    impact: 'announces',
    requirement: 'kaspersky-av-updates',
    endpoint: { value: '54.254.98.96' },
    after: { until: '2018-11-22T00:00:00Z' }
  })
})

t.test('the script takes every slice of outgoing TCP and UDP', async (t) => {
  const app = await startApp(t)
  const pattern = new RegExp(/ValidatePattern\('(?<pattern>[^']+)'\)/.exec(script)?.groups?.pattern ?? '$.')
  const { items } = (await app.request(`/v1/catalogues/${clearswift}/slices`)).json()
  const names: readonly string[] = items.map(({ name }: { name: string }) => name)
  t.strictSame(
    names.filter((name) => pattern.test(name)),
    names.filter((name) => !name.startsWith('in-'))
  )
})
