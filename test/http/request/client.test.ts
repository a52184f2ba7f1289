import { Socket } from 'node:net'
import t from 'tap'
import { clientOf, proxyTrust } from '../../../src/http/request/client.ts'
import { clearswiftPath, startApp } from '../../support/app.ts'

/** A request from `peer` with these header fields. */
function from(peer: string, headers: Record<string, string> = {}) {
  const socket = new Socket()
  Object.defineProperty(socket, 'remoteAddress', { value: peer })
  return { socket, headers: { host: 'own.example', ...headers } }
}

t.test('without trusted proxies a client is whoever connects, whatever its request says', async (t) => {
  const claims = {
    'x-forwarded-for': '203.0.113.7',
    'x-forwarded-proto': 'https',
    'x-forwarded-host': 'evil.example',
    'x-forwarded-prefix': '/evil',
    forwarded: 'for=203.0.113.7;host=evil.example'
  }
  for (const trust of [undefined, proxyTrust([]), proxyTrust(['192.0.2.0/24'])])
    t.strictSame(clientOf(from('198.51.100.1', claims), trust), {
      address: '198.51.100.1',
      host: 'own.example',
      base: 'http://own.example',
      path: '',
      isSecure: false
    })
})

t.test('behind proxies the client is the last address that is not a trusted one', async (t) => {
  const trust = proxyTrust(['10.0.0.0/8', '2001:db8:1::/48', '127.0.0.1/32'])
  for (const [peer, forwardedFor, address] of [
    ['10.1.2.3', '203.0.113.7', '203.0.113.7'],
    ['10.1.2.3', '198.51.100.9, 203.0.113.7', '203.0.113.7'],
    ['10.1.2.3', '198.51.100.9, 203.0.113.7, 10.9.9.9', '203.0.113.7'],
    ['10.1.2.3', '10.7.7.7, 203.0.113.7,10.9.9.9 ', '203.0.113.7'],
    ['10.1.2.3', '10.7.7.7, 10.9.9.9', '10.7.7.7'],
    ['10.1.2.3', '', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.7, unknown', '10.1.2.3'],
    ['10.1.2.3', '203.0.113.7:4711', '203.0.113.7'],
    ['10.1.2.3', '[2001:db8::7]:4711', '2001:db8::7'],
    ['::ffff:10.1.2.3', '::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1::5', '2001:db8::7', '2001:db8::7'],
    ['2001:db8:2::5', '2001:db8::7', '2001:db8:2::5'],
    ['203.0.113.7', '10.1.2.3', '203.0.113.7']
  ] as const)
    t.equal(clientOf(from(peer, { 'x-forwarded-for': forwardedFor }), trust).address, address, forwardedFor)
})

t.test('of scheme, host and path what the nearest trusted proxy says counts', async (t) => {
  const trust = proxyTrust(['10.0.0.1/32'])
  const base = (headers: Record<string, string>) => clientOf(from('10.0.0.1', headers), trust).base
  t.equal(base({ 'x-forwarded-proto': 'https' }), 'https://own.example')
  t.equal(base({ 'x-forwarded-proto': 'wss' }), 'https://own.example')
  t.equal(base({ 'x-forwarded-host': 'evil.example, portolan.example' }), 'http://portolan.example')
  t.equal(base({ 'x-forwarded-prefix': '/tools/portolan/' }), 'http://own.example/tools/portolan')
  t.equal(base({ 'x-forwarded-prefix': '/a>; rel="x"' }), 'http://own.example', 'no text that is no path')
})

t.test('links are those that lead back through the trusted proxy', async (t) => {
  const { request } = await startApp(t, { trustProxy: ['127.0.0.1/32'] })
  const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'portolan.example', 'x-forwarded-prefix': '/net' }
  for (const heat of ['cold', 'hot']) {
    t.match((await request({ url: clearswiftPath, headers })).headers.link, '<https://portolan.example/net/v1/', heat)
    t.match(
      (await request({ url: clearswiftPath, headers: { host: 'portolan.example' } })).headers.link,
      '<http://portolan.example/v1/',
      heat
    )
  }
  const direct = await startApp(t)
  t.match((await direct.request({ url: clearswiftPath, headers })).headers.link, '<http://localhost')
})
