import t from 'tap'
import { address, documentOf, host, requirement, type Written } from '../../domain/document/support/sample.ts'
import { linuxFilters } from './support/linux-filter.ts'
import { missingForPackets, passed } from './support/packet-filter.ts'
import type { Packet } from './support/permission.ts'
import { rendered, renderedText } from './support/rendered.ts'
import { type SiteMarks, sited } from './support/sited.ts'

const skip = missingForPackets('nft', 'iptables')
const networks = ['192.0.2.', '2001:db8::'] as const
const own = { '192.0.2.': '10.255.255.', '2001:db8::': 'fd99::' } as const

const internal = { scope: 'internal', direction: 'both' } as const
/** From the product to 5 and its neighbours, and from a wider network to 5 alone, so that what the rules say overlaps crosswise. */
function crosswise(rest: Written) {
  return sited(
    documentOf([
      requirement('all', [address('192.0.2.0/28', rest), address('2001:db8::/124', rest)], internal),
      requirement('one', [address('192.0.2.5', rest), address('2001:db8::5', rest)], internal),
      requirement('open', [address('192.0.2.200', rest), address('2001:db8::c8', rest)], internal)
    ]),
    (key) => sourcesOf[key] ?? {}
  )
}
const sourcesOf: Readonly<Record<string, SiteMarks>> = {
  all: { source: ['10.255.255.1', 'fd99::1'] },
  one: { source: ['10.255.255.0/30', 'fd99::/126'] }
}

/** From the product, from a neighbour in the wider network and from one outside; to 5, to its neighbour, to one outside, and to one for any. */
const packets: readonly Packet[] = networks.flatMap((net) =>
  ['1', '3', '4'].flatMap((mine) =>
    ['5', '6', net === '192.0.2.' ? '16' : '10', net === '192.0.2.' ? '200' : 'c8'].flatMap((theirs) =>
      (['outbound', 'inbound'] as const).map((direction) => ({
        direction,
        family: net === '192.0.2.' ? ('ipv4' as const) : ('ipv6' as const),
        own: own[net] + mine,
        address: net + theirs,
        transport: 'tcp' as const,
        sourcePort: 40_000,
        port: 443,
        type: 0,
        code: 0
      }))
    )
  )
)

const mayPass = ({ own = '', address }: Packet) => {
  const [mine, theirs] = [own.at(-1), address.replace(/^.*[.:]/, '')]
  return ['200', 'c8'].includes(theirs) || (theirs === '5' && mine !== '4') || (theirs === '6' && mine === '1')
}
const texts = (list: readonly Packet[]) =>
  list.map(({ direction, own, address }) => `${direction} ${own} ${address}`).sort()

for (const [name, filterOf] of Object.entries(linuxFilters))
  t.test(`${name}: what the product itself needs is let through for its own addresses alone`, { skip }, async (t) => {
    for (const timed of [false, true]) {
      const document = crosswise(timed ? { until: '2099-01-01' } : {})
      const got = await passed(t, filterOf(document, timed), packets, mayPass)
      t.strictSame(texts(got), texts(packets.filter(mayPass)), timed ? 'timed' : 'untimed')
    }
  })

t.test('a destination without a source of its family is left out and counted, and never for any source', async (t) => {
  const mixed = sited(documentOf([requirement('a', [address('192.0.2.5'), address('2001:db8::5')])]), () => ({
    source: ['10.30.0.8']
  }))
  for (const format of ['nftables', 'iptables']) {
    const { report, body } = rendered(format, { document: mixed })
    t.match(report.omissions, [{ value: '2001:db8::5', reason: 'family' }], format)
    t.equal(report.omitted, 1)
    t.notMatch(Buffer.from(body).toString('utf8'), /2001:db8::5/)
  }
})

t.test('a name as a source is counted where a format cannot say it', async (t) => {
  const named = sited(documentOf([requirement('a', [address('192.0.2.5'), address('192.0.2.6')])]), (_, { kind }) =>
    kind === 'address' ? { source: ['10.30.0.8', 'gateway.example.net'] } : {}
  )
  const { report, body } = rendered('iptables', { document: named, part: 'v4' })
  t.match(report.omissions, [{ value: '192.0.2.5', reason: 'source_host' }, { value: '192.0.2.6' }])
  t.match(Buffer.from(body).toString('utf8'), /-s 10\.30\.0\.8 -d 192\.0\.2\.5 /)
})

t.test('two sources of one value are two entries, which a format without a side for them says as one', async (t) => {
  const twice = sited(
    documentOf([requirement('a', [address('192.0.2.5')]), requirement('b', [address('192.0.2.5')])]),
    (key) => ({ source: [key === 'a' ? '10.30.0.8' : '10.30.0.16/28'] })
  )
  t.equal(rendered('iptables', { document: twice }).report.entries, 2)
  const { report, body } = rendered('kubernetes', { document: twice })
  t.equal(report.entries, 1)
  t.match(Buffer.from(body).toString('utf8'), /own addresses/)
  t.match(
    renderedText('iptables', { document: twice, part: 'v4' }),
    /-s 10\.30\.0\.16\/28 -d 192\.0\.2\.5 .*gateway\/b/
  )
})

t.test('the sets of nftables with the source stand beside those of a catalogue, for a site alone', async (t) => {
  const plain = documentOf([requirement('a', [address('192.0.2.5'), host('www.example.net')])])
  t.notMatch(renderedText('nftables', { document: plain }), /from4|to4/)
  const text = renderedText('nftables', { document: sited(plain, () => ({ source: ['10.30.0.8'] }), 'leeds') })
  t.match(text, 'ip saddr . ip daddr . meta l4proto . th dport @from4_leeds accept')
  t.match(
    text,
    /add element inet portolan from4_leeds \{\n\t10\.30\.0\.8 \. 192\.0\.2\.5 \. tcp \. 443 comment "gateway\/a"/
  )
  t.match(
    renderedText('nftables', { document: sited(plain, () => ({}), 'leeds') }),
    'flush set inet portolan from4_leeds',
    'what was there before goes'
  )
})
