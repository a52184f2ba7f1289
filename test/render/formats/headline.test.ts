import { readFileSync } from 'node:fs'
import t from 'tap'
import { clearswift as clearswiftId, startApp, type TestApp } from '../../support/app.ts'
import { retiring } from './support/occasions.ts'
import { type Filter, missingForPackets, passed } from './support/packet-filter.ts'
import { packetsAround } from './support/packets.ts'
import { type Addressed, isGroup, judge, type Packet, permissions } from './support/permission.ts'
import { clearswift, everything, today } from './support/rendered.ts'

/*
 * What the service answers is loaded into a kernel whose policy is to drop, and then every address and port that the catalogue names,
 * and what is next to each, is tried with real packets. What gets through is held against the document by other code than that of the
 * exports.
 */

const before = '2018-11-21T23:59:59Z'
const after = '2018-11-22T00:00:00Z'
const skip = missingForPackets('nft', 'iptables', 'iptables-legacy', 'ipset')

/** The packets are the same before and after, so that what is retired is tried, too. */
const packets = {
  clearswift: thinned([...permissions(clearswift, before), ...permissions(clearswift, after)]),
  everything: thinned(permissions(everything, today))
}

/** All that may get through, and every fourth of what is next to it: real connections take their time. */
function thinned(list: readonly Addressed[]): readonly Packet[] {
  const isListed = judge(list)
  // What goes to a multicast group is sent by UDP alone, and two protocols have no socket here.
  const isToGroup = ({ address, group }: Packet) => isGroup(group ?? address)
  const sent = packetsAround(list).filter((packet) =>
    isToGroup(packet) ? packet.transport === 'udp' : !['dccp', 'ip/97'].includes(packet.transport)
  )
  const portsOfGroups = new Set(
    list.flatMap(({ value, service: { ports = [] } }) =>
      isGroup(value) ? ports.flatMap(({ from, to }) => [from - 1, from, to, to + 1]) : []
    )
  )
  return sent.filter(
    (packet, index) => index % 8 === 0 || isListed(packet) || (isToGroup(packet) && portsOfGroups.has(packet.port))
  )
}

interface Case {
  readonly name: string
  readonly id: string
  readonly at: string
  readonly list: readonly Addressed[]
  readonly packets: readonly Packet[]
}

const cases: readonly Case[] = [
  ...[before, after].map((at) => ({
    name: `the first catalogue at ${at}`,
    id: clearswiftId,
    at,
    list: permissions(clearswift, at),
    packets: packets.clearswift
  })),
  {
    name: 'a catalogue with everything',
    id: everything.id,
    at: today,
    list: permissions(everything, today),
    packets: packets.everything
  }
]

/** A host that drops but what belongs to a connection, and neighbour discovery, without which IPv6 does not begin. */
const dropping = (suffix: '' | '-legacy') => `
  for chain in INPUT OUTPUT; do
    for command in iptables${suffix} ip6tables${suffix}; do
      $command -P $chain DROP
      $command -A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT
    done
    ip6tables${suffix} -A $chain -p ipv6-icmp --icmpv6-type 135 -j ACCEPT
    ip6tables${suffix} -A $chain -p ipv6-icmp --icmpv6-type 136 -j ACCEPT
  done`

/** The commands that the comment at the top of a file gives. */
const commands = (text: string) => text.matchAll(/^# {3}(.+)$/gm)
const lines = (...texts: readonly string[]) =>
  texts.flatMap((text) => [...commands(text)].map(([, command]) => command)).join('\n')

/** Each way to set a firewall up from what the service answers. */
const ways: Readonly<Record<string, (read: (path: string) => Promise<string>) => Promise<Filter>>> = {
  'the table of nftables': async (read) => ({
    files: { 'table.nft': await read('nftables?mode=table') },
    load: 'nft -f table.nft'
  }),
  'the sets of nftables, with the rules in their comment': async (read) => {
    const sets = await read('nftables')
    const chain = (hook: string) =>
      `chain ${hook} { type filter hook ${hook} priority 0; policy drop; ct state established,related accept
       icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
       ${lines(sets)
         .split('\n')
         .filter((rule) => rule.includes('@out') === (hook === 'output'))
         .join('\n')}
       }`
    return {
      files: { 'sets.nft': sets, 'rules.nft': `table inet portolan {\n${chain('output')}\n${chain('input')}\n}\n` },
      // Loaded once more, with rules that refer to the sets.
      load: 'nft -f sets.nft\nnft -f rules.nft\nnft -f sets.nft'
    }
  },
  'ipset, with the rules in its comment': async (read) => {
    const sets = await read('ipset')
    return {
      files: { 'sets.ipset': sets },
      load: `${dropping('')}\nipset -exist restore <sets.ipset\n${lines(sets)}\nipset -exist restore <sets.ipset`
    }
  },
  'iptables on nftables': (read) => chains(read, ''),
  'the older iptables': (read) => chains(read, '-legacy')
}

async function chains(read: (path: string) => Promise<string>, suffix: '' | '-legacy'): Promise<Filter> {
  const [v4, v6] = [await read('iptables?part=v4'), await read('iptables?part=v6')]
  const jumps = lines(v4, v6).replace(/^(ip6?tables)/gm, `$1${suffix}`)
  const restore = `iptables${suffix}-restore --noflush v4.rules\nip6tables${suffix}-restore --noflush v6.rules`
  return { files: { 'v4.rules': v4, 'v6.rules': v6 }, load: `${dropping(suffix)}\n${restore}\n${jumps}\n${restore}` }
}

async function publishEverything(app: TestApp): Promise<void> {
  const answer = await app.request({
    method: 'PUT',
    // All its addresses are of those that are reserved for documentation.
    url: `/v1/catalogues/${everything.id}/document?override=reserved_address&reason=test`,
    headers: {
      ...(await app.key('catalogue:publish', 'catalogue:override')),
      'content-type': 'application/yaml',
      'if-none-match': '*'
    },
    payload: readFileSync(new URL('support/everything.yaml', import.meta.url))
  })
  if (answer.statusCode !== 201) throw new Error(answer.body)
}

/** ipset cannot say source ports, and its report counts that as wider. */
function withoutSourcePorts(list: readonly Addressed[]): readonly Addressed[] {
  return list.map(({ service: { sourcePorts: _, ...service }, ...rest }) => ({ ...rest, service }))
}

t.test('without a firewall every packet of this test gets through', { skip }, async (t) => {
  for (const [name, list] of Object.entries(packets)) {
    const through = await passed(t, { files: {}, load: ':' }, list, () => true)
    const found = new Set(through)
    t.strictSame(
      list.filter((packet) => !found.has(packet)),
      [],
      name
    )
  }
})

t.test('what is listed connects, and nothing else does', { skip }, async (t) => {
  const app = await startApp(t)
  await publishEverything(app)
  const tryOut = (way: string, filterOf: (typeof ways)[string]) =>
    cases.map(async ({ name, id, at, list, packets }) => {
      const filter = await filterOf(async (path) => {
        const effectiveAt = `${path.includes('?') ? '&' : '?'}effectiveAt=${at}`
        const answer = await app.request(`/v1/catalogues/${id}/exports/${path}${effectiveAt}`)
        t.equal(answer.statusCode, 200)
        return answer.body
      })
      const isListed = judge(way.startsWith('ipset') ? withoutSourcePorts(list) : list)
      const through = new Set(await passed(t, filter, packets, isListed))
      const wrong = packets.filter((packet) => through.has(packet) !== isListed(packet))
      t.strictSame(
        wrong.map((packet) => ({ ...packet, isListed: isListed(packet) })),
        [],
        `${name}, by ${way}`
      )
      if (id !== clearswiftId) return
      const open = new Set([...through].map(({ address }) => address))
      t.equal(retiring.filter((address) => open.has(address)).length, at === before ? 6 : 0)
    })
  // Mostly they wait, each in namespaces of its own.
  for (const [way, filterOf] of Object.entries(ways)) await Promise.all(tryOut(way, filterOf))
})
