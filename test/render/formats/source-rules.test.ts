import { parseTar } from 'nanotar'
import t from 'tap'
import { address, any, documentOf, host, requirement } from '../../domain/document/support/sample.ts'
import { rendered, renderedText } from './support/rendered.ts'
import { sited } from './support/sited.ts'
import { folder, missing, run } from './support/tool.ts'

const self = { source: ['10.30.0.8', 'fd00:30::8'] }
const named = { source: ['10.30.0.8', 'gw.example.net'] }
const inbound = { direction: 'inbound', scope: 'internal', services: [{ transport: 'tcp', ports: [22] }] }
const document = sited(
  documentOf([
    requirement('web', [address('192.0.2.5'), address('2001:db8::5'), host('www.example.net')]),
    requirement('ssh', [address('10.20.4.0/24')], inbound),
    requirement('all', [any()], { services: [{ transport: 'tcp', ports: [8443] }] })
  ]),
  () => self,
  'leeds'
)
const withName = sited(documentOf([requirement('web', [address('192.0.2.5')])]), () => named, 'leeds')

/** Of the lines of an export those that are rules, without what differs from one set of addresses to the other. */
const rulesIn = (format: string, rule: RegExp, wanted = document) =>
  renderedText(format, { document: wanted, empty: 'none' })
    .split('\n')
    .filter((line) => rule.test(line))
    .map((line) => line.replaceAll(/self-[0-9a-f]+/g, 'SELF').replaceAll(/[0-9a-f]{12}\b/g, 'DIGEST'))

t.test('a PAN-OS rule has the product at its own end', async (t) => {
  t.strictSame(
    rulesIn('panos', / from any to any /).map((line) => line.replace(/^.*?(from any to any .*) category.*$/, '$1')),
    [
      'from any to any source portolan-leeds-SELF destination portolan-leeds-out-tcp-443-SELF',
      'from any to any source portolan-leeds-SELF destination portolan-leeds-out-tcp-443-SELF',
      'from any to any source portolan-leeds-SELF destination any',
      'from any to any source portolan-leeds-SELF destination any',
      'from any to any destination portolan-leeds-SELF source portolan-leeds-in-tcp-22-SELF'
    ]
  )
  t.strictSame(rulesIn('panos', /address-group portolan-leeds-self/), [
    'set address-group portolan-leeds-SELF static portolan--net-10.30.0.8',
    'set address-group portolan-leeds-SELF static portolan--net-fd00-30--8'
  ])
})

t.test('a policy of FortiOS has it in each family, and nobody where it has no address', async (t) => {
  t.strictSame(rulesIn('fortios', /set (?:src|dst)addr6? /).slice(0, 8), [
    '        set srcaddr "portolan-leeds-SELF"',
    '        set dstaddr "portolan-leeds-out-tcp-443-SELF"',
    '        set srcaddr6 "none"',
    '        set dstaddr6 "none"',
    '        set srcaddr "none"',
    '        set dstaddr "none"',
    '        set srcaddr6 "portolan-leeds-SELF-v6"',
    '        set dstaddr6 "portolan-leeds-out-tcp-443-SELF-v6"'
  ])
  t.strictSame(rulesIn('fortios', /set (?:src|dst)addr6? /).slice(-4), [
    '        set dstaddr "portolan-leeds-SELF"',
    '        set srcaddr "portolan-leeds-in-tcp-22-SELF"',
    '        set dstaddr6 "none"',
    '        set srcaddr6 "none"'
  ])
  t.match(renderedText('fortios', { document: withName }), /edit "portolan--host-gw\.example\.net"/)
})

t.test('an entry of an ASA has it, in one family with its peer', async (t) => {
  t.strictSame(
    rulesIn('cisco-asa', /extended permit/).map((line) => line.replace(/^.* permit /, '')),
    [
      'tcp object-group portolan-leeds-SELF object-group portolan-leeds-out-tcp-443-SELF-DIGEST eq 443',
      'tcp object-group portolan-leeds-SELF object portolan--host-www.example.net-v4 eq 443',
      'tcp object-group portolan-leeds-SELF object-group portolan-leeds-out-tcp-443-SELF-DIGEST eq 443',
      'tcp object-group portolan-leeds-SELF object portolan--host-www.example.net-v6 eq 443',
      'tcp object-group portolan-leeds-SELF any4 eq 8443',
      'tcp object-group portolan-leeds-SELF any6 eq 8443',
      'tcp object-group portolan-leeds-in-tcp-22-SELF-DIGEST object-group portolan-leeds-SELF eq 22'
    ]
  )
})

t.test('a policy of Junos and a rule of RouterOS have it', async (t) => {
  t.strictSame(
    rulesIn('junos', /match (?:source|destination)-address/)
      .map((line) => line.replace(/^.* match /, ''))
      .slice(-2),
    ['destination-address portolan-leeds-SELF', 'source-address portolan-leeds-in-tcp-22-SELF']
  )
  t.strictSame(
    rulesIn('mikrotik', /filter add chain/)
      .filter((line) => !line.includes('jump'))
      .map((line) => line.replace(/^.*?dst-port/, 'dst-port').replace(/ comment.*/, '')),
    [
      'dst-port=443 src-address-list="leeds SELF" dst-address-list="leeds out-tcp-443-ipv4-SELF"',
      'dst-port=8443 src-address-list="leeds SELF"',
      'dst-port=22 dst-address-list="leeds SELF" src-address-list="leeds in-tcp-22-ipv4-SELF"',
      'dst-port=443 src-address-list="leeds SELF" dst-address-list="leeds out-tcp-443-ipv6-SELF"',
      'dst-port=8443 src-address-list="leeds SELF"'
    ]
  )
})

t.test('access lists in YANG have both networks in each entry', async (t) => {
  const { 'ietf-access-control-list:acls': acls } = JSON.parse(renderedText('acl', { document }))
  const entries: { matches: { ipv4?: object; ipv6?: object } }[] = acls.acl.flatMap(
    ({ aces }: { aces: { ace: object[] } }) => aces.ace
  )
  t.match(
    entries.map(({ matches: { ipv4, ipv6 } }) => ipv4 ?? ipv6),
    [
      { 'source-ipv4-network': '10.30.0.8/32', 'destination-ipv4-network': '192.0.2.5/32' },
      { 'source-ipv4-network': '10.30.0.8/32' },
      { 'source-ipv6-network': 'fd00:30::8/128', 'destination-ipv6-network': '2001:db8::5/128' },
      { 'source-ipv6-network': 'fd00:30::8/128' },
      { 'source-ipv4-network': '10.20.4.0/24', 'destination-ipv4-network': '10.30.0.8/32' }
    ]
  )
})

t.test('data for automation has the sources of each rule, in one family', async (t) => {
  const { egress, ingress } = JSON.parse(
    renderedText('terraform', { document, part: 'portolan.auto.tfvars.json' })
  ).portolan
  t.match(egress.slice(0, 2), [
    { sources: ['10.30.0.8/32'], ipv4_cidrs: ['192.0.2.5/32'], ipv6_cidrs: [], hostnames: ['www.example.net'] },
    { sources: ['fd00:30::8/128'], ipv4_cidrs: [], ipv6_cidrs: ['2001:db8::5/128'], hostnames: ['www.example.net'] }
  ])
  t.match(ingress, [{ sources: ['10.30.0.8/32'], ipv4_cidrs: ['10.20.4.0/24'] }])
  t.match(JSON.parse(renderedText('terraform', { document: withName, part: 'portolan.auto.tfvars.json' })).portolan, {
    egress: [{ sources: ['10.30.0.8/32'], source_hostnames: ['gw.example.net'] }]
  })
})

t.test('Azure has it as the prefixes of the other side', async (t) => {
  const rules: { properties: object }[] = JSON.parse(renderedText('azure-nsg', { document, mode: 'rules' }))
  t.match(
    rules.map(({ properties }) => properties),
    [
      { sourceAddressPrefix: '10.30.0.8/32', destinationAddressPrefix: '192.0.2.5/32' },
      { sourceAddressPrefix: 'fd00:30::8/128', destinationAddressPrefix: '2001:db8::5/128' },
      { sourceAddressPrefix: '10.30.0.8/32', destinationAddressPrefix: '*' },
      { sourceAddressPrefix: 'fd00:30::8/128', destinationAddressPrefix: '*' },
      { sourceAddressPrefix: '10.20.4.0/24', destinationAddressPrefix: '10.30.0.8/32' }
    ]
  )
})

t.test('what is for the device on which it is says that it has no side for it', async (t) => {
  for (const format of ['firewalld', 'kubernetes', 'cilium', 'mud', 'aws-security-group', 'gcp-firewall', 'ipset']) {
    const { report } = rendered(format, { document })
    t.equal(report.sources, 'left_away', format)
    t.notMatch(Buffer.from(rendered(format, { document }).body).toString('utf8'), '10.30.0.8', format)
  }
  t.equal(rendered('nftables', { document }).report.sources, 'written')
  t.equal(rendered('nftables').report.sources, undefined)
})

t.test(
  'terraform plans with the sources, and refuses what is no network',
  { skip: missing('terraform') },
  async (t) => {
    const files = Object.fromEntries(
      parseTar(rendered('terraform', { document }).body).map(({ name, data }) => [
        name,
        Buffer.from(data ?? []).toString()
      ])
    )
    const values = 'portolan.auto.tfvars.json'
    const env = { CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1', TF_CLI_CONFIG_FILE: '/dev/null' }
    const plan = (changed: string) =>
      run('terraform', ['plan', '-input=false', '-refresh=false', '-no-color'], {
        cwd: folder(t, { ...files, [values]: changed }),
        env
      })
    const text = files[values] ?? ''
    t.match(await plan(text), { code: 0, stderr: '' })
    t.not((await plan(text.replace('"10.30.0.8/32"', '"10.30.0.9/31"'))).code, 0)
    const cwd = folder(t, files)
    t.match(await run('terraform', ['fmt', '-check', '-diff', `${cwd}/variables.tf`], { env }), { code: 0, stdout: '' })
  }
)
