import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { Egress, type EgressOptions } from '../../src/delivery/egress.ts'
import { Receivers } from '../../src/delivery/receivers.ts'
import { certificates } from '../reliability/support/certificates.ts'
import { missing } from '../render/formats/support/tool.ts'
import { freePort } from '../support/free-port.ts'
import { startReceiver } from './support/receiver.ts'
import { startSquid } from './support/squid.ts'

const skip = missing('squid', 'openssl') || (process.getuid?.() !== 0 && 'Squid has to be started by root')

function sender(t: { teardown(close: () => Promise<void>): void }, options: Partial<EgressOptions>): Receivers {
  const egress = new Egress({
    policy: { allow: ['127.0.0.0/8'], allowsHttp: true },
    lookup: async () => ['127.0.0.1'],
    connectMs: 2000,
    ...options
  })
  const receivers = new Receivers({ egress, deadlineMs: 5000 })
  t.teardown(() => receivers.close())
  return receivers
}

const send = (receivers: Receivers, url: string) =>
  receivers.send({ subscription: 'sub_1', url, headers: { 'content-type': 'application/json' }, body: '{"seq":7}' })

t.test('webhooks go out through a real Squid, by CONNECT with and without TLS', { skip }, async (t) => {
  const squid = await startSquid(t)
  const proxy = `http://portolan:p%40ss@127.0.0.1:${squid.port}`
  const { ca, good, alone } = certificates()
  const bodies: string[] = []
  const secure = createServer(good, (request, response) => {
    request.on('data', (chunk: Buffer) => bodies.push(chunk.toString()))
    request.on('end', () => response.writeHead(204).end())
  })
  secure.listen(0, '127.0.0.1')
  await once(secure, 'listening')
  t.teardown(() => void secure.close())
  // Listening on a port, so its address has one.
  const { port: tlsPort } = secure.address() as AddressInfo
  const plain = await startReceiver(t)
  const { port: plainPort } = new URL(plain.url)
  const receivers = sender(t, { proxy, ca })

  t.match(await send(receivers, `https://receiver.test:${tlsPort}/hook`), { kind: 'answered', status: 204 })
  t.match(await send(receivers, `https://receiver.test:${tlsPort}/hook`), { kind: 'answered', status: 204 })
  t.strictSame(bodies, ['{"seq":7}', '{"seq":7}'])
  t.match(await send(receivers, `http://receiver.test:${plainPort}/hook`), { kind: 'answered', status: 204 })
  t.match(plain.received, [{ body: '{"seq":7}', headers: { host: `receiver.test:${plainPort}` } }])
  t.notMatch(JSON.stringify(plain.received), /proxy-/, 'the receiver sees nothing of the proxy')
  t.match(await send(receivers, `http://127.0.0.1:${plainPort}/hook`), { status: 204 }, 'an address, too')

  t.match(
    await send(receivers, `https://house.test:${tlsPort}/hook`),
    { kind: 'failed', error: 'tls' },
    'the certificate is of the receiver, as without a proxy'
  )
  const other = sender(t, { proxy, ca: alone.cert })
  t.match(await send(other, `https://receiver.test:${tlsPort}/hook`), { kind: 'failed', error: 'tls' })
  const stranger = sender(t, { proxy: `http://portolan:wrong@127.0.0.1:${squid.port}` })
  t.match(await send(stranger, `http://receiver.test:${plainPort}/hook`), {
    kind: 'failed',
    error: 'connect',
    detail: `the proxy makes no tunnel to receiver.test:${plainPort}: the answer is 407`
  })
  const nowhere = sender(t, { proxy: `http://127.0.0.1:${await freePort()}` })
  t.match(await send(nowhere, `http://receiver.test:${plainPort}/hook`), {
    kind: 'failed',
    error: 'connect',
    detail: /^the proxy makes no tunnel to .*ECONNREFUSED/
  })
  t.equal(plain.received.length, 2, 'nothing went around the proxy')
})

t.test('the guard judges the addresses of a receiver before a proxy is asked', { skip }, async (t) => {
  const squid = await startSquid(t)
  const proxy = `http://portolan:p%40ss@127.0.0.1:${squid.port}`
  const receiver = await startReceiver(t)
  const { port } = new URL(receiver.url)
  const guarded = (addresses: readonly string[], allow: readonly string[] = []) =>
    sender(t, { proxy, policy: { allow, allowsHttp: true }, lookup: async () => addresses })
  for (const address of ['127.0.0.1', '10.0.0.1', '169.254.169.254', '::1'])
    t.match(
      await send(guarded([address]), `http://house.test:${port}/hook`),
      { kind: 'failed', error: 'refused_address', address },
      address
    )
  t.match(await send(guarded([]), `http://127.0.0.1:${port}/hook`), { error: 'refused_address', address: '127.0.0.1' })
  t.match(await send(guarded(['9.9.9.9', '127.0.0.1']), `http://house.test:${port}/hook`), { error: 'refused_address' })
  t.match(await send(guarded([]), `http://house.test:${port}/hook`), { error: 'refused_address' }, 'no address')
  t.strictSame(receiver.received, [])
  // What a proxy takes away: it resolves the name again, and here to another address.
  const last = guarded(['9.9.9.9'])
  t.match(await send(last, `http://house.test:${port}/hook`), { status: 204 })
  await last.close()
  t.strictSame(await squid.tunnels(), [`CONNECT house.test:${port} 200`], 'nothing that is refused reaches the proxy')
})
