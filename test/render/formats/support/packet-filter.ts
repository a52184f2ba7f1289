import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { isGroup, type Packet } from './permission.ts'
import { folder, inNamespace, missing } from './tool.ts'

type Test = Parameters<typeof folder>[0]

const script = fileURLToPath(new URL('probe.py', import.meta.url))
/** Of the host that the product runs on. The other side has every other address there is. */
const product = { ipv4: '10.255.255.1', ipv6: 'fd99::1' }

/** What a test of real packets needs, beside the firewall. */
export function missingForPackets(...tools: readonly string[]): string | false {
  return missing('unshare', 'nsenter', 'ip', 'python3', ...tools)
}

export interface Filter {
  /** Files that `load` finds in its folder. */
  readonly files: Readonly<Record<string, string>>
  /** Shell commands that set the firewall of the product's host up. */
  readonly load: string
}

/**
 * Sends packets between two network namespaces, of which the product's has the firewall, and answers those that were answered, or for
 * what has no connections those that came in. `isAwaited` is what to be patient for. Each direction has namespaces of its own: an answer must not open the way back.
 */
export async function passed(
  t: Test,
  filter: Filter,
  packets: readonly Packet[],
  isAwaited: (packet: Packet) => boolean
): Promise<readonly Packet[]> {
  const both = (['outbound', 'inbound'] as const).map((direction) => {
    const own = packets.filter((packet) => packet.direction === direction)
    return exchange(t, filter, direction, own, isAwaited)
  })
  return (await Promise.all(both)).flat()
}

async function exchange(
  t: Test,
  { files, load }: Filter,
  direction: Packet['direction'],
  packets: readonly Packet[],
  isAwaited: (packet: Packet) => boolean
): Promise<readonly Packet[]> {
  const ports = [...new Set(packets.map(({ port }) => port))].filter((port) => port > 0)
  const probes = packets.map((packet, id) => ({ ...packet, id }))
  const awaited = probes.filter((probe) => isAnswered(probe) && isAwaited(probe)).map(({ id }) => id)
  const plan = { product, ports, probes, awaited }
  const others = new Set(packets.flatMap(({ own, family }) => (own === product[family] ? [] : (own ?? []))))
  const further = [...others].map((own) =>
    own.includes(':') ? `ip addr add ${own}/64 dev wire nodad` : `ip addr add ${own}/29 dev wire`
  )
  const home = folder(t, { ...files, 'plan.json': JSON.stringify(plan) })
  const [serving, dialling] = direction === 'outbound' ? ['$other', ''] : ['', '$other']
  const outcome = await inNamespace(
    `
    unshare -n sleep 60 & peer=$!
    trap 'kill $peer' EXIT
    other="nsenter -t $peer -n"
    until [ "$(readlink /proc/$peer/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
    sysctl -qw net.ipv6.conf.default.accept_dad=0
    $other sysctl -qw net.ipv6.conf.default.accept_dad=0
    ip link add wire type veth peer name wire netns $peer
    ip addr add ${product.ipv4}/29 dev wire
    ip addr add ${product.ipv6}/64 dev wire nodad
    ${further.join('\n')}
    ip link set wire up
    $other ip link set lo up
    $other ip addr add 10.255.255.2/29 dev wire
    $other ip addr add fd99::2/64 dev wire nodad
    $other ip link set wire up
    ip route add default via 10.255.255.2
    ip -6 route add default via fd99::2
    $other ip route add local 0.0.0.0/0 dev lo table main
    $other ip -6 route add local ::/0 dev lo table main
    $other sysctl -qw net.ipv6.ip_nonlocal_bind=1
    ${load}
    ${serving} python3 ${script} serve plan.json seen.json & server=$!
    until [ -e seen.json.ready ]; do kill -0 $server; sleep 0.02; done
    ${dialling} python3 ${script} dial plan.json answered.json
    kill -TERM $server
    wait $server || true
    `,
    { cwd: home }
  )
  if (outcome.code !== 0) throw new Error(`${direction}: ${outcome.code} ${outcome.stdout}${outcome.stderr}`)
  const ids = new Set(
    ['seen.json', 'answered.json'].flatMap((name): number[] => JSON.parse(readFileSync(`${home}/${name}`, 'utf8')))
  )
  return packets.filter((_, id) => ids.has(id))
}

/** From a group nobody answers. */
function isAnswered({ transport, address, group }: Packet): boolean {
  return (transport === 'tcp' || transport === 'udp') && !isGroup(group ?? address)
}
