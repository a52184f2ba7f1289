import t from 'tap'
import { parseAuditEntries } from '../../../src/domain/lookup/audit-entry.ts'
import { portName } from '../../../src/domain/lookup/audit-port.ts'

/** How an entry is read: its value, its port, what it stands for, and what is said of it. */
function read(value: string, port?: string): readonly unknown[] {
  const { entries, invalid } = parseAuditEntries([{ value, ...(port !== undefined && { port }) }])
  const [entry] = entries
  if (!entry) return invalid.map(({ detail }) => detail)
  const { targets, notes } = entry
  const told = targets === 'everything' ? targets : targets.map((target) => target.value).join(' ')
  return [entry.value, entry.port && portName(entry.port), told, ...notes]
}

t.test('entries are read as people and devices write them', async (t) => {
  const cases: readonly (readonly [string, string | undefined, readonly unknown[]])[] = [
    [' 203.0.113.7 ', undefined, ['203.0.113.7', undefined, '203.0.113.7']],
    ['Repo.example.net', 'tcp/443', ['repo.example.net', 'tcp/443', 'repo.example.net']],
    ['2001:db8::/32', 'udp/8000-8100', ['2001:db8::/32', 'udp/8000-8100', '2001:db8::/32']],
    ['9.9.9.0-9.9.9.255', undefined, ['9.9.9.0/24', undefined, '9.9.9.0/24']],
    ['9.9.9.1-9.9.9.3', undefined, ['9.9.9.1-9.9.9.3', undefined, '9.9.9.1 9.9.9.2/31']],
    ['2620:fe::-2620:fe::ff', undefined, ['2620:fe::/120', undefined, '2620:fe::/120']],
    ['10.0.0.0 255.255.255.0', undefined, ['10.0.0.0/24', undefined, '10.0.0.0/24']],
    ['10.0.0.0 255.255.255.0 tcp/80', undefined, ['10.0.0.0/24', 'tcp/80', '10.0.0.0/24']],
    ['10.0.0.0/255.255.0.0', undefined, ['10.0.0.0/16', undefined, '10.0.0.0/16']],
    ['10.0.0.0 0.0.0.255', undefined, ['10.0.0.0/24', undefined, '10.0.0.0/24']],
    [
      '9.9.9.1/24',
      undefined,
      ['9.9.9.0/24', undefined, '9.9.9.0/24', 'the host bits were cut: the network is 9.9.9.0/24']
    ],
    ['2620:fe::9/64', undefined, ['2620:fe::/64', undefined, '2620:fe::/64', /host bits were cut/]],
    ['46.51.174.180:80', undefined, ['46.51.174.180', 'tcp/80', '46.51.174.180']],
    ['repo.example.net:80', undefined, ['repo.example.net', 'tcp/80', 'repo.example.net']],
    ['[2620:fe::fe]:443', undefined, ['2620:fe::fe', 'tcp/443', '2620:fe::fe']],
    ['[2620:fe::fe]', undefined, ['2620:fe::fe', undefined, '2620:fe::fe']],
    [
      'https://repo.example.net/path?x=1',
      undefined,
      ['repo.example.net', undefined, 'repo.example.net', 'the path /path?x=1 was left out']
    ],
    ['https://repo.example.net:8443/', undefined, ['repo.example.net', 'tcp/8443', 'repo.example.net']],
    ['http://9.9.9.9/', undefined, ['9.9.9.9', undefined, '9.9.9.9']],
    [
      'repo.example.net/path',
      undefined,
      ['repo.example.net', undefined, 'repo.example.net', 'the path /path was left out']
    ],
    ['repo.example.net/', undefined, ['repo.example.net', undefined, 'repo.example.net']],
    ['*.example.net/', undefined, ['*.example.net', undefined, '*.example.net']],
    ['.example.net', undefined, ['.example.net', undefined, 'example.net *.example.net']],
    ['9.9.9.9 # the resolver', undefined, ['9.9.9.9', undefined, '9.9.9.9']],
    ['9.9.9.9\ticmp/8', undefined, ['9.9.9.9', 'icmp/8', '9.9.9.9']],
    ['9.9.9.9', 'UDP/53', ['9.9.9.9', 'udp/53', '9.9.9.9']],
    ['9.9.9.9', 'any', ['9.9.9.9', undefined, '9.9.9.9']],
    ['9.9.9.9', 'icmp', ['9.9.9.9', 'icmp', '9.9.9.9']],
    ['tcp/443', undefined, ['any', 'tcp/443', 'everything']],
    ['icmp/8', undefined, ['any', 'icmp/8', 'everything']],
    ['icmp/echo-request', undefined, ['any', 'icmp/8', 'everything']],
    ['icmpv6/128', undefined, ['any', 'icmpv6/128', 'everything']],
    ['icmp', undefined, ['any', 'icmp', 'everything']],
    ['ESP', undefined, ['any', 'esp', 'everything']],
    ['gre', undefined, ['any', 'gre', 'everything']],
    ['ip/97', undefined, ['any', 'ip/97', 'everything']],
    ['esp/9.9.9.0/24', undefined, ['9.9.9.0/24', 'esp', '9.9.9.0/24']],
    ['ip/97/9.9.9.9', undefined, ['9.9.9.9', 'ip/97', '9.9.9.9']],
    ['any/9.9.9.9', undefined, ['9.9.9.9', undefined, '9.9.9.9']],
    ['icmp/9.9.9.9', undefined, ['9.9.9.9', 'icmp', '9.9.9.9']],
    ['9.9.9.9', 'icmp/echo-request', ['9.9.9.9', 'icmp/8', '9.9.9.9']],
    ['tcp/9.9.9.9/443', undefined, ['9.9.9.9', 'tcp/443', '9.9.9.9']]
  ]
  for (const [value, port, wanted] of cases) t.match(read(value, port), wanted, `${value} ${port ?? ''}`)
})

t.test('what cannot be read is told with its place, and the rest is read', async (t) => {
  const ports = ['443', 'tcp/', 'tcp/0', 'tcp/65536', 'tcp/9-8', 'tcp/080', 'icmp/256', 'tcp/80,443', 'ftp/21']
  const values = [
    '',
    'permit ip any any',
    '010.0.0.1',
    '9.9.9.9-9.9.9.1',
    '10.0.0.0 255.0.255.0',
    'a b c',
    '*cdn.net',
    'icmp/8/0',
    'ip/256'
  ]
  const { entries, invalid } = parseAuditEntries([
    { value: '203.0.113.7' },
    { value: '999.1.1.1', place: 'line 7: ' },
    ...ports.map((port) => ({ value: '203.0.113.7', port })),
    ...values.map((value) => ({ value })),
    { value: '9.9.9.9 tcp/80', port: 'tcp/443' },
    { value: '203.0.113.8' }
  ])
  t.same(
    entries.map(({ value }) => value),
    ['203.0.113.7', '203.0.113.8']
  )
  t.equal(invalid.length, ports.length + values.length + 2)
  t.match(invalid[0], { index: 1, entry: '999.1.1.1', detail: /^line 7: .*999/ })
  for (const [at, port] of ports.entries())
    t.match(invalid[at + 1], { index: at + 2, entry: `203.0.113.7 ${port}`, detail: `"${port}" is not a port` })
})

t.test('equal entries are read once, and comments are none', async (t) => {
  const written = [
    '9.9.9.9',
    '9.9.9.9/32',
    '# a list',
    '[9.9.9.9]',
    '9.9.9.9 any',
    'x y',
    'x y',
    '9.9.9.9 tcp/80',
    '9.9.9.9:80'
  ]
  const { entries, invalid } = parseAuditEntries(written.map((value) => ({ value })))
  t.same(
    entries.map(({ value, port }) => [value, port?.from]),
    [
      ['9.9.9.9', undefined],
      ['9.9.9.9', 80]
    ]
  )
  t.same(
    invalid.map(({ index }) => index),
    [5]
  )
})
