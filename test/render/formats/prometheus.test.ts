import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import Type from 'typebox'
import { Compile } from 'typebox/compile'
import { arbitraryDocument } from '../../domain/document/support/arbitrary-document.ts'
import { address, documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { fc, runs } from '../../support/scale.ts'
import { mutationsOf } from './support/mutation.ts'
import { occasions } from './support/occasions.ts'
import { rendered, renderedText, type Wanted } from './support/rendered.ts'
import { type Saying, sayings } from './support/said.ts'
import { folder, missing, pathOf, run } from './support/tool.ts'

const at = '2020-01-15T00:00:00Z'
const targets = (wanted: Wanted = {}) => renderedText('prometheus', wanted)

const strict = { additionalProperties: false }
const groups = Compile(
  Type.Array(
    Type.Object(
      {
        targets: Type.Array(Type.String(), { minItems: 1, uniqueItems: true }),
        labels: Type.Object(
          {
            __param_module: Type.String({ pattern: '^(?:tcp_connect|icmp|icmp_ipv4|icmp_ipv6)$' }),
            portolan_catalogue: Type.String(),
            portolan_requirements: Type.String({ minLength: 1 }),
            portolan_slice: Type.String(),
            __meta_portolan_status: Type.String(),
            __meta_portolan_until: Type.Optional(Type.String())
          },
          strict
        )
      },
      strict
    )
  )
)

/** What is probed: a name or an address, and a port of TCP or ICMP. */
function readTargets(json: string): readonly string[] {
  const found = groups.Parse(JSON.parse(json)).flatMap(({ targets, labels }) =>
    targets.map((target) => {
      const { __param_module: module, portolan_slice: slice } = labels
      if (module !== 'tcp_connect') {
        if (!/^[a-z0-9._:-]+$/.test(target) || /^[a-z0-9.-]+:\d+$/.test(target))
          throw new Error(`not a host: ${target}`)
        return `${slice} ${module} ${target}`
      }
      const [, name = '', port = ''] = /^([a-z0-9_.-]+|\[[0-9a-f:.]+\]):(\d+)$/.exec(target) ?? []
      if (name === '' || Number(port) < 1 || Number(port) > 65535) throw new Error(`not a target: ${target}`)
      return `${slice} tcp ${name.replace(/[[\]]/g, '')} ${port}`
    })
  )
  if (new Set(found).size < found.length) throw new Error('a target twice')
  return found.map((text) => text.replace(/^\S+ /, ''))
}

/** What of a saying can be probed from outside: single peers that the product connects to, by a few ports of TCP or an echo. */
function probed(saying: Saying): readonly string[] {
  const { direction, transport, ports, icmp, kind, value } = saying
  const isSingle = kind === 'host' || (kind === 'address' && value.endsWith(value.includes(':') ? '/128' : '/32'))
  if (direction !== 'outbound' || !isSingle) return []
  const name = value.replace(/\/.*/, '')
  if (transport === 'tcp' && ports !== '*') {
    const [from = 0, to = from] = ports.split('-').map(Number)
    return to - from > 15 ? [] : Array.from({ length: to - from + 1 }, (_, index) => `tcp ${name} ${from + index}`)
  }
  return transport === 'icmp' && kind === 'address' && ['*', '8', '8/0', '128', '128/0'].includes(icmp)
    ? [`icmp ${name}`]
    : []
}

for (const { name, document, at } of occasions)
  t.test(`the targets are of ${name} what can be probed`, async (t) => {
    t.strictSame(
      [...new Set(readTargets(targets({ document, at })))].sort(),
      [...new Set(sayings(document, at).flatMap(probed))].sort()
    )
  })

t.test('the targets of any document are read, and each that is left out is counted', async (t) => {
  fc.assert(
    fc.property(arbitraryDocument, (document) => {
      const { report, body } = rendered('prometheus', { document, at })
      const found = groups.Parse(JSON.parse(Buffer.from(body).toString()))
      readTargets(JSON.stringify(found))
      t.ok(found.length <= report.entries)
    }),
    { numRuns: runs(100) }
  )
})

t.test('what cannot be probed is left out with its reason', async (t) => {
  const services = [
    { transport: 'tcp', ports: [443] },
    { transport: 'tcp', ports: ['8000-8100'] },
    { transport: 'tcp' },
    { transport: 'udp', ports: [53] },
    { transport: 'icmp', icmp: { type: 8 } },
    { transport: 'icmp', icmp: { type: 3 } },
    { transport: 'icmpv6', icmp: { type: 128 } }
  ]
  const document = documentOf([
    requirement('a', [host('www.example.net'), host('*.example.net'), address('9.9.9.0/24'), { kind: 'any' }], {
      services
    })
  ])
  const { omissions } = rendered('prometheus', { document }).report
  const reasons = (slice: string) =>
    Object.fromEntries(
      omissions.filter((each) => each.slice === slice).map(({ value, reason }) => [value ?? 'any', reason])
    )
  t.strictSame(reasons('out-tcp-443'), { '9.9.9.0/24': 'network', '*.example.net': 'wildcard', any: 'any' })
  t.equal(reasons('out-tcp-8000-8100')['www.example.net'], 'too_many_ports')
  t.equal(reasons('out-tcp')['www.example.net'], 'too_many_ports')
  t.equal(reasons('out-udp-53')['www.example.net'], 'transport')
  t.equal(reasons('out-icmp-3')['www.example.net'], 'icmp_type')
  t.strictSame([...readTargets(targets({ document }))].sort(), [
    'icmp_ipv4 www.example.net',
    'icmp_ipv6 www.example.net',
    'tcp www.example.net 443'
  ])
})

t.test('the reader refuses what targets must not say', async (t) => {
  const changes = {
    'a URL': ['"www.example.net:80"', '"http://www.example.net:80/"'],
    'no port': ['"www.example.net:80"', '"www.example.net"'],
    'a port': ['"www.example.net:80"', '"www.example.net:65536"'],
    'IPv6 without brackets': [/"\[2001:db8::1\]:80"/, '"2001:db8::1:80"'],
    'a target twice': ['"www.example.net:80"', '"www.example.net:443"'],
    'a module': ['"tcp_connect"', '"tcp_conect"'],
    'a label': ['"portolan_slice"', '"slice"'],
    'no target': [/"targets": \[[^\]]*\]/, '"targets": []']
  } as const
  for (const [name, text] of Object.entries(mutationsOf(targets(), changes))) t.throws(() => readTargets(text), name)
})

/** As in docs/exports.md. */
const config = `scrape_configs:
  - job_name: portolan
    metrics_path: /probe
    file_sd_configs: [{ files: [targets.json] }]
    relabel_configs:
      - { source_labels: [__address__], target_label: __param_target }
      - { source_labels: [__param_target], target_label: instance }
      - { source_labels: [__param_module], target_label: module }
      - { source_labels: [__meta_portolan_status], target_label: status }
      - { target_label: __address__, replacement: 127.0.0.1:9115 }
`

t.test('Prometheus finds each target, with its module', { skip: missing('promtool') }, async (t) => {
  const cwd = folder(t, { 'prometheus.yml': config, 'targets.json': targets() })
  t.equal((await run('promtool', ['check', 'config', 'prometheus.yml'], { cwd })).code, 0)
  const { code, stdout, stderr } = await run(
    'promtool',
    ['check', 'service-discovery', '--timeout=5s', 'prometheus.yml', 'portolan'],
    { cwd }
  )
  t.equal(code, 0, stderr)
  const found: readonly { readonly labels: Readonly<Record<string, string>> }[] = JSON.parse(
    stdout.slice(stdout.indexOf('['))
  )
  const count = readTargets(targets()).length
  t.equal(found.length, count)
  t.ok(
    found.some(
      ({ labels }) =>
        labels.instance === '[2001:db8::1]:443' &&
        labels.module === 'tcp_connect' &&
        labels.__address__ === '127.0.0.1:9115'
    )
  )
})

const modules = `modules:
  tcp_connect: { prober: tcp, timeout: 2s }
  icmp: { prober: icmp }
  icmp_ipv4: { prober: icmp, icmp: { preferred_ip_protocol: ip4, ip_protocol_fallback: false } }
  icmp_ipv6: { prober: icmp, icmp: { preferred_ip_protocol: ip6, ip_protocol_fallback: false } }
`

t.test(
  'the blackbox exporter reaches a target that listens, and misses one that does not',
  { skip: missing('prometheus-blackbox-exporter') },
  async (t) => {
    const listener = createServer((socket) => socket.end()).listen(0, '127.0.0.1')
    await new Promise((resolve) => listener.once('listening', resolve))
    t.teardown(() => listener.close())
    const place = listener.address()
    const open = typeof place === 'object' && place ? place.port : 0
    const document = documentOf([
      requirement('a', [host('localhost')], { scope: 'internal', services: [{ transport: 'tcp', ports: [open] }] }),
      requirement('b', [host('localhost')], { scope: 'internal', services: [{ transport: 'tcp', ports: [1] }] })
    ])
    const exporter = spawn(pathOf('prometheus-blackbox-exporter') ?? '', [
      `--config.file=${join(folder(t, { 'blackbox.yml': modules }), 'blackbox.yml')}`,
      '--web.listen-address=127.0.0.1:0'
    ])
    t.teardown(() => exporter.kill('SIGKILL'))
    const base = await new Promise<string>((resolve) => {
      let said = ''
      exporter.stderr.on('data', (chunk) => {
        said += chunk
        const [, found] = /address=(127\.0\.0\.1:\d+)/.exec(said) ?? []
        if (found) resolve(found)
      })
    })
    const results = await Promise.all(
      groups.Parse(JSON.parse(targets({ document }))).map(async ({ targets: [target = ''], labels }) => {
        const answer = await fetch(
          `http://${base}/probe?target=${encodeURIComponent(target)}&module=${labels.__param_module}`
        )
        return [target, /^probe_success (\d)/m.exec(await answer.text())?.[1]]
      })
    )
    t.strictSame(
      results.sort(),
      [
        ['localhost:1', '0'],
        [`localhost:${open}`, '1']
      ].sort()
    )
  }
)
