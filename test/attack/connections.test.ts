import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import t from 'tap'
import { clearswiftPath } from '../support/app.ts'
import { runs } from '../support/scale.ts'
import { startService } from '../support/service.ts'

// A head that is not complete is waited for 15 seconds.
t.setTimeout(120_000)
t.jobs = 2

/** Connections on which so much of a request was sent, and no more. */
async function open(address: string, count: number, text: string): Promise<readonly Socket[]> {
  const { hostname, port } = new URL(address)
  const sockets: Socket[] = []
  while (sockets.length < count) {
    const some = Array.from({ length: Math.min(100, count - sockets.length) }, () => {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      return socket
    })
    await Promise.all(some.map((socket) => once(socket, 'connect')))
    for (const socket of some) socket.write(text)
    sockets.push(...some)
  }
  return sockets
}

/** All that comes until the other side closes. */
async function rest(socket: Socket): Promise<string> {
  let text = ''
  for await (const chunk of socket) text += chunk
  return text
}

const heads = {
  nothing: '',
  'half a head': 'GET /v1/catalogues HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  'half a body': `POST ${clearswiftPath}/audit HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{`,
  'half an operation':
    'POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{'
}

t.test(
  'however many connections ask for nothing, or never come to the end, others are answered',
  { buffered: true },
  async (t) => {
    const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:', PORTOLAN_RATE_LIMIT: '3000' })
    t.teardown(() => service.stop())
    const opened: Socket[] = []
    for (const [name, text] of Object.entries(heads)) {
      const count = runs(name === 'half a head' ? 5000 : 1500)
      opened.push(...(await open(service.address, count, text)))
      for (const path of [clearswiftPath, '/v1/formats', '/health/ready'])
        t.equal((await fetch(service.address + path)).status, 200, `${path} beside ${count} with ${name}`)
      const asked = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"query":"{catalogues{nodes{id}}}"}'
      }
      t.equal((await fetch(`${service.address}/graphql`, asked)).status, 200)
    }
    const [half] = await open(service.address, 1, heads['half a head'])
    if (!half) throw new Error('there is no connection')
    const answer = await rest(half)
    t.match(answer, /^HTTP\/1\.1 408 [\s\S]*"code":"request_timeout"/, 'who does not come to the end of a head is told')
    t.equal((await fetch(service.address + clearswiftPath)).status, 200)
    for (const socket of opened) socket.destroy()
  }
)

t.test(
  'connections that never come to the end do not keep the service from stopping',
  { buffered: true },
  async (t) => {
    const service = await startService({ PORTOLAN_DATABASE_URL: 'sqlite::memory:' })
    const waiting = 'GET /v1/events?after=2 HTTP/1.1\r\nHost: x\r\nPrefer: wait=50\r\n\r\n'
    const socket =
      'GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n'
    const texts = [...Object.values(heads), waiting, socket, 'GET /v1/events/stream HTTP/1.1\r\nHost: x\r\n\r\n']
    const opened = await Promise.all(texts.map((text) => open(service.address, 5, text)))
    t.equal((await fetch(`${service.address}/health/live`)).status, 200)
    t.equal(await service.stop(), 0)
    for (const socket of opened.flat()) socket.destroy()
  }
)
