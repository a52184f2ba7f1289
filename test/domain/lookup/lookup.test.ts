import t from 'tap'
import type { Endpoint } from '../../../src/domain/document/endpoint.ts'
import { matchEndpoint, parseLookup, parseTarget } from '../../../src/domain/lookup/lookup.ts'

t.test('an address, CIDR or host name is read into canonical form', async (t) => {
  const cases = {
    '203.0.113.7': '203.0.113.7',
    '203.0.113.7/32': '203.0.113.7',
    '203.0.113.0/24': '203.0.113.0/24',
    '2001:DB8:0:0::1': '2001:db8::1',
    'REPO.example.net.': 'repo.example.net',
    '*.example.net': '*.example.net',
    'bücher.example': 'xn--bcher-kva.example'
  }
  for (const [text, value] of Object.entries(cases)) {
    const { target, port } = parseLookup(text)
    t.same([target?.value, port], [value, undefined], text)
  }
})

t.test('a port has its transport, and a flow has a target between them', async (t) => {
  t.same(parseLookup('tcp/443'), { port: { transport: 'tcp', port: 443 } })
  t.same(parseLookup('udp/65535'), { port: { transport: 'udp', port: 65535 } })
  t.same(parseLookup('tcp/8000-8100'), { port: { transport: 'tcp', port: 8000, to: 8100 } })
  t.same(parseLookup('icmp/8'), { port: { transport: 'icmp', port: 8 } })
  t.match(parseLookup('sctp/203.0.113.7/1'), { target: { value: '203.0.113.7' }, port: { transport: 'sctp', port: 1 } })
  t.match(parseLookup('tcp/203.0.113.0/24/443'), { target: { value: '203.0.113.0/24' }, port: { port: 443 } })
  t.match(parseLookup('tcp/2001:db8::/32/443'), { target: { value: '2001:db8::/32' }, port: { port: 443 } })
  t.match(parseLookup('tcp/repo.example.net/443'), { target: { value: 'repo.example.net' }, port: { port: 443 } })
})

t.test('a protocol without ports needs none in a flow, and ICMP may leave its type out', async (t) => {
  const esp = { transport: 'esp', port: 1, to: 65535 }
  t.same(parseLookup('esp'), { port: esp })
  t.match(parseLookup('esp/9.9.9.9'), { target: { value: '9.9.9.9' }, port: esp })
  t.match(parseLookup('ip/50/9.9.9.0/24'), { target: { value: '9.9.9.0/24' }, port: esp })
  t.match(parseLookup('ip/97/example.net'), { target: { value: 'example.net' }, port: { transport: 'ip/97' } })
  const icmp = { transport: 'icmp', port: 0, to: 255 }
  t.match(parseLookup('icmp/9.9.9.9'), { target: { value: '9.9.9.9' }, port: icmp })
  t.match(parseLookup('icmpv6/2620:fe::fe'), { target: { value: '2620:fe::fe' }, port: { transport: 'icmpv6' } })
  t.same(parseLookup('icmp/echo-request'), { port: { transport: 'icmp', port: 8 } })
  t.same(parseLookup('icmpv6/echo-request'), { port: { transport: 'icmpv6', port: 128 } })
  t.match(parseLookup('icmp/9.9.9.9/8'), { target: { value: '9.9.9.9' }, port: { port: 8 } })
  t.match(parseLookup('icmp/9.9.9.9/echo-request'), { target: { value: '9.9.9.9' }, port: { port: 8 } })
})

t.test('anything else is refused, with what would be right', async (t) => {
  const refused = {
    '443': /with its transport, such as tcp\/443/,
    'tcp/0': /0 is not a port/,
    'tcp/65536': /65536 is not a port/,
    'tcp/x': /not an address/,
    'icmp/256': /types of ICMP 0 to 255/,
    'tcp/80-79': /not a port/,
    'tcp/9.9.9.9': /9\.9\.9\.9 is not a port; .* tcp\/203\.0\.113\.7\/443/,
    'icmp/8/0': /codes of ICMP are not looked at; write the type alone, as in icmp\/8/,
    'icmp/echo-request/0': /as in icmp\/echo-request/,
    'icmp/pong': /icmp has no type "pong"/,
    'esp/': /esp has no ports/,
    'esp/443': /esp has no ports/,
    'ip/256': /numbers of protocols are 0 to 255/,
    'any/9.9.9.9': /any is no one protocol; look 9\.9\.9\.9 up alone/,
    'tcp/': /not a port/,
    '203.0.113.7/24': /host bits/,
    '010.0.0.1': /leading zero/,
    '10.1': /four numbers/,
    '203.0.113.1-203.0.113.9': /range/,
    '::ffff:203.0.113.7': /mapped/,
    'https://example.net': /not an address/,
    'a b': /space/,
    'foo*.net': /kind pattern/,
    '': /empty/
  }
  for (const [text, message] of Object.entries(refused))
    t.throws(() => parseLookup(text), { code: 'invalid_parameter', message }, JSON.stringify(text))
})

const addressOf = (value: string): Endpoint => ({ kind: 'address', value })
const hostOf = (value: string): Endpoint => ({ kind: 'host', value })

t.test('an endpoint answers as the same, as wider or as narrower, or not at all', async (t) => {
  const cases = [
    [addressOf('192.0.2.1'), '192.0.2.1', 'exact'],
    [addressOf('192.0.2.0/24'), '192.0.2.0/24', 'exact'],
    [addressOf('192.0.2.0/24'), '192.0.2.255', 'covers'],
    [addressOf('192.0.2.0/24'), '192.0.2.128/25', 'covers'],
    [addressOf('192.0.2.0/24'), '192.0.3.0', undefined],
    [addressOf('192.0.2.128/25'), '192.0.2.0/24', 'within'],
    [addressOf('192.0.2.1'), '192.0.0.0/16', 'within'],
    [addressOf('192.0.2.1'), '192.0.2.2', undefined],
    [addressOf('0.0.0.0/0'), '192.0.2.1', 'covers'],
    [addressOf('0.0.0.0/0'), '2001:db8::1', undefined],
    [addressOf('::/0'), '192.0.2.1', undefined],
    [addressOf('::/0'), '2001:db8::/32', 'covers'],
    [addressOf('2001:db8:0:1::/64'), '2001:db8::/32', 'within'],
    [addressOf('192.0.2.1'), 'example.net', undefined],
    [hostOf('example.net'), '192.0.2.1', undefined],
    [hostOf('example.net'), 'example.net', 'exact'],
    [hostOf('*.example.net'), '*.example.net', 'exact'],
    [hostOf('*.example.net'), 'a.example.net', 'covers'],
    [hostOf('*.example.net'), 'b.a.example.net', 'covers'],
    [hostOf('*.example.net'), '*.a.example.net', 'covers'],
    [hostOf('*.example.net'), 'example.net', undefined],
    [hostOf('*.example.net'), 'badexample.net', undefined],
    [hostOf('a.example.net'), '*.example.net', 'within'],
    [hostOf('*.a.example.net'), '*.example.net', 'within'],
    [hostOf('a.example.net'), 'example.net', undefined],
    [{ kind: 'pattern', value: '*cdn.example.net' }, 'xcdn.example.net', 'covers'],
    [{ kind: 'pattern', value: '*cdn.example.net' }, '*cdn.example.net', 'exact'],
    [{ kind: 'pattern', value: '*cdn.example.net' }, '*.example.net', 'within'],
    [{ kind: 'pattern', value: '*cdn.example.net' }, 'cdn.example.net', undefined],
    [{ kind: 'pattern', value: '*cdn.example.net' }, '*.cdn.example.net', undefined],
    [{ kind: 'pattern', value: '*cdn.example.net' }, '192.0.2.1', undefined],
    [{ kind: 'url', value: 'a.example.net/b/' }, 'a.example.net', 'within'],
    [{ kind: 'url', value: 'a.example.net/b/' }, '*.example.net', 'within'],
    [{ kind: 'url', value: 'a.example.net/b/' }, 'example.net', undefined],
    [{ kind: 'any' }, '192.0.2.1', 'any'],
    [{ kind: 'role', value: 'admins', title: 'x' }, 'example.net', 'role'],
    [{ kind: 'feed', value: 'cloud', url: 'https://example.net/' }, '192.0.2.1', 'feed']
  ] as const
  for (const [endpoint, target, match] of cases)
    t.equal(matchEndpoint(endpoint, parseTarget(target)), match, `${JSON.stringify(endpoint)} for ${target}`)
})
