import t from 'tap'
import type { Document } from '../../../src/domain/document/document.ts'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { configure, freshAppliance, readLists } from './grammar/cisco-asa.ts'
import { readPolicies, runScript } from './grammar/fortios.ts'
import { commit, runCommands } from './grammar/panos.ts'
import { missingForPackets, passed } from './support/packet-filter.ts'
import type { Packet } from './support/permission.ts'
import { clearswift, rendered, renderedText } from './support/rendered.ts'
import { type Saying, texts } from './support/said.ts'
import { asaAt, fortiosAt, panosAt } from './support/timed-script.ts'

const skip = missingForPackets('nft', 'iptables')
const hour = 3_600_000
const iso = (instant: number) => new Date(instant).toISOString().replace(/\.\d+Z$/, 'Z')

/** An old address goes when a new one comes, in both families, and one of each stays. */
function turning(at: number): Document {
  const endpoints = ['192.0.2', '2001:db8:'].flatMap((net) => {
    const value = (last: string) => `${net}${net.includes(':') ? ':' : '.'}${last}`
    return [
      address(value('1'), { until: iso(at) }),
      address(value('2'), { from: iso(at) }),
      address(value('3')),
      address(value('4'), { from: iso(at - 2 * hour), until: iso(at + 2 * hour) })
    ]
  })
  return documentOf([
    requirement('a', endpoints, { scope: 'internal', services: [{ transport: 'tcp', ports: [443] }] })
  ])
}

const packets: readonly Packet[] = ['192.0.2.', '2001:db8::'].flatMap((net) =>
  ['1', '2', '3', '4', '5'].map((last) => ({
    direction: 'outbound' as const,
    family: net.includes(':') ? ('ipv6' as const) : ('ipv4' as const),
    address: net + last,
    transport: 'tcp' as const,
    sourcePort: 40_000,
    port: 443,
    type: 0,
    code: 0
  }))
)

const dropping = `for command in iptables ip6tables; do
    $command -P OUTPUT DROP
    $command -A OUTPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    $command -A INPUT -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    ip6tables -A OUTPUT -p ipv6-icmp -j ACCEPT
  done`
const jumpsIn = (text: string) => [...text.matchAll(/^# {3}(.+)$/gm)].map(([, command = '']) => command)

/** Each way to load timed rules. The machine is in New York, where a date that is read as local time is hours off. */
const ways: Readonly<Record<string, (document: Document) => { files: Record<string, string>; load: string }>> = {
  'the table of nftables': (document) => ({
    files: { 'table.nft': renderedText('nftables', { document, timed: true, mode: 'table' }) },
    load: 'nft -f table.nft'
  }),
  'the chains of nftables beside its sets': (document) => {
    const sets = renderedText('nftables', { document, timed: true })
    const own = jumpsIn(sets).filter((rule) => /@out|dated-out/.test(rule))
    const chain = `chain output { type filter hook output priority 0; policy drop; ct state established,related accept; icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept\n${own.join('\n')}\n}`
    return {
      files: { 'sets.nft': sets, 'rules.nft': `table inet portolan {\n${chain}\n}\n` },
      load: 'nft -f sets.nft\nnft -f rules.nft\nnft -f sets.nft'
    }
  },
  iptables: (document) => {
    const [v4 = '', v6 = ''] = ['v4', 'v6'].map((part) => renderedText('iptables', { document, timed: true, part }))
    const jumps = [...jumpsIn(v4), ...jumpsIn(v6)].filter((line) => line.includes('OUTPUT')).join('\n')
    return {
      files: { v4, v6 },
      load: `${dropping}\niptables-restore --noflush <v4\nip6tables-restore --noflush <v6\n${jumps}`
    }
  }
}

const lasts = (list: readonly Packet[]) => [...new Set(list.map(({ address }) => address.at(-1)))].sort().join('')

for (const [name, filterOf] of Object.entries(ways))
  t.test(`${name}: rules begin and end by themselves, in both families`, { skip }, async (t) => {
    const through = async (at: number, wait = '') => {
      const filter = filterOf(turning(at))
      const load = `export TZ=America/New_York\n${filter.load}\n${wait}`
      const got = await passed(t, { ...filter, load }, packets, ({ address }) => /[34]$/.test(address))
      t.equal(got.length % 2, 0, 'both families say the same')
      return lasts(got)
    }
    const now = Date.now()
    t.equal(await through(now + hour), '134', 'an hour before')
    t.equal(await through(now - hour / 2), '234', 'half an hour after')
    // What was loaded before the instant is tried after it: no load, and nobody else, comes between.
    const soon = Math.ceil(Date.now() / 1000) * 1000 + 3000
    t.equal(
      await through(soon, `until [ "$(date +%s)" -gt ${soon / 1000} ]; do sleep 0.1; done`),
      '234',
      'it has passed'
    )
  })

t.test('the bytes are the same whatever the clock says, and without what had ended before the revision', async (t) => {
  for (const format of ['nftables', 'iptables', 'fortios', 'panos', 'cisco-asa']) {
    const [early, late] = ['2018-10-02T00:00:00Z', '2030-01-01T00:00:00Z'].map((at) =>
      rendered(format, { document: clearswift, at, timed: true })
    )
    t.ok(early && late && Buffer.from(early.body).equals(late.body), format)
    t.strictSame([early?.report.validFrom, early?.report.validUntil], [undefined, undefined])
  }
  const ended = documentOf([requirement('a', [address('192.0.2.1', { until: '2018-09-01' }), address('192.0.2.2')])])
  t.notMatch(renderedText('nftables', { document: ended, timed: true, mode: 'table' }), '192.0.2.1')
})

t.test('nftables has integers, and iptables the second before the end', async (t) => {
  const nft = renderedText('nftables', { document: clearswift, timed: true, mode: 'table' })
  t.match(nft, /meta time < 1542844800 ip daddr \. meta l4proto \. th dport @\S+ accept/)
  const rules = renderedText('iptables', { document: clearswift, timed: true, part: 'v4' })
  t.match(rules, /-d 184\.72\.245\.1 .*-m time --datestop 2018-11-21T23:59:59 /)
})

t.test(
  'what the device has no date for is told: a late end is left away, and a late begin leaves the row out',
  async (t) => {
    const document = documentOf([
      requirement('a', [
        address('192.0.2.1', { until: '2040-01-01' }),
        address('192.0.2.2', { from: '2040-01-01' }),
        address('192.0.2.3', { from: '2030-01-01' })
      ])
    ])
    const { report, body } = rendered('iptables', { document, timed: true, part: 'v4' })
    t.match(report.omissions, [{ value: '192.0.2.2', reason: 'late_begin' }])
    t.match(report.widenings, [{ value: '192.0.2.1', reason: 'late_end' }])
    const text = Buffer.from(body).toString('utf8')
    t.notMatch(text, '192.0.2.2')
    t.match(text, /-d 192\.0\.2\.1 -p tcp --dport 443 -m comment/)
    t.match(text, 'is closed by the kernel on 2038-01-19')
    t.strictSame(rendered('nftables', { document, timed: true }).report.omissions, [])
  }
)

t.test('a format whose tool keeps no dates is refused', async (t) => {
  t.throws(() => rendered('plain-ip', { timed: true, slice: 'all' }), { code: 'not_timed' })
  t.throws(() => rendered('junos', { timed: true }), { code: 'not_timed' })
})

/** What an appliance lets through at an instant, read from one script of timed rules and, with other code, from the script of that instant. */
const appliances: Readonly<Record<string, (script: string, id: string) => readonly Saying[]>> = {
  fortios: (script) => readPolicies(runScript(new Map(), script)),
  panos: (script) => commit(runCommands(new Map(), script)),
  'cisco-asa': (script, id) => readLists(configure(freshAppliance, script), id)
}
const projections = { fortios: fortiosAt, panos: panosAt, 'cisco-asa': asaAt } as const

for (const [format, projected] of Object.entries(projections))
  t.test(`${format} holds at each minute what the view of that minute holds`, async (t) => {
    const read = appliances[format]
    const check = (document: Document) => {
      const script = renderedText(format, { document, timed: true, empty: 'none' })
      const bounds = document.requirements.flatMap(({ endpoints }) =>
        endpoints.flatMap(({ from, until }) => [from ?? [], until ?? []].flat().map((bound) => Date.parse(bound)))
      )
      // From the revision on; some dates are beyond what a device knows.
      const published = Date.parse('2018-10-01T00:00:00Z')
      const instants = [published, ...bounds.flatMap((bound) => [bound - 60_000, bound])].filter(
        (instant) => instant >= published && instant < Date.UTC(2035, 0, 1) && instant % 60_000 === 0
      )
      for (const instant of new Set(instants)) {
        const at = iso(instant)
        const wanted = renderedText(format, { document, at, empty: 'none' })
        t.strictSame(
          texts(read?.(projected(script, instant), document.id) ?? []),
          texts(read?.(wanted, document.id) ?? []),
          at
        )
      }
    }
    check(clearswift)
    check(turning(Date.UTC(2019, 2, 1)))
    // Names with everything in them have no room for the id.
    const services = [{ transport: 'tcp', ports: ['10000-10100'], sourcePorts: ['20000-20100', 30000] }]
    const ends = ['2020-02-01', '2020-03-01'].map((until, index) =>
      address(`ff05::${index + 2}`, { from: '2020-01-01', until })
    )
    check(
      documentOf([requirement('a', ends, { direction: 'both', scope: 'internal', services })], {
        id: 'a-catalogue-with-a-long-name'
      })
    )
    fc.assert(
      fc.property(arbitraryDocument, (document) => check(document)),
      { numRuns: runs(40) }
    )
  })
