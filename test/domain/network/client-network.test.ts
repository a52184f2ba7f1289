import t from 'tap'
import { clientNetwork } from '../../../src/domain/network/client-network.ts'

t.test('an IPv4 address is a client, in whatever clothes it comes', async (t) => {
  for (const text of ['192.0.2.7', '::ffff:192.0.2.7', '::ffff:c000:207', '0:0:0:0:0:FFFF:C000:0207'])
    t.equal(clientNetwork(text), '192.0.2.7', text)
})

t.test('all addresses of a /64 of IPv6 are one client, and those of the next are another one', async (t) => {
  for (const text of ['2001:db8:1:2::1', '2001:db8:1:2:ffff:ffff:ffff:ffff', '2001:0DB8:1:2:0::9'])
    t.equal(clientNetwork(text), '2001:db8:1:2::/64', text)
  t.not(clientNetwork('2001:db8:1:3::1'), clientNetwork('2001:db8:1:2::1'))
  t.equal(clientNetwork('fe80::1%eth0'), 'fe80::/64')
})

t.test('a text that is no address is a client of its own', async (t) => {
  t.equal(clientNetwork('unknown'), 'unknown')
})
