import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { freePort } from '../../support/free-port.ts'
import type { Certificate } from './certificates.ts'

interface Expected {
  readonly state: 'active' | 'degraded' | 'gone'
  readonly status?: number
  readonly error?: string
  /** Seconds until the next attempt. */
  readonly after?: number
}

/** One way to behave as a receiver. */
export interface Behaviour {
  readonly name: string
  readonly expected: Expected
  /** What it does once it read a request; absent: it is not there. `count`: requests on this connection, from 1. */
  readonly act?: (socket: Socket, count: number) => void
  /** Acts on a connection before anything is read. */
  readonly greet?: (socket: Socket) => void
  readonly tls?: Certificate
  readonly host?: string
  readonly scheme?: 'http' | 'https'
}

const end = '\r\n\r\n'
const plain = (status: number, more = '') => `HTTP/1.1 ${status} X\r\ncontent-length: 0${more}${end}`
const says = (text: string) => (socket: Socket) => void socket.write(text)

const delivered = (status: number): Expected => ({ state: 'active', status })
const failed = (status: number, after?: number): Expected => ({
  state: 'degraded',
  status,
  ...(after !== undefined && { after })
})
const broken = (error: string): Expected => ({ state: 'degraded', error })

function ofStatus(status: number): Behaviour {
  const expected: Expected =
    status < 300 ? delivered(status) : status === 410 ? { state: 'gone', status } : failed(status)
  const location = status >= 300 && status < 400 ? '\r\nlocation: http://127.0.0.1/' : ''
  const text = status === 204 || status === 304 ? `HTTP/1.1 ${status} X${location}${end}` : plain(status, location)
  return { name: `status ${status}`, expected, act: says(text) }
}

const statuses = [
  ...[
    200, 201, 202, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 408, 409, 410, 413, 415
  ],
  ...[418, 422, 425, 429, 431, 451, 500, 501, 502, 503, 504, 511, 599]
]

const retries: readonly (readonly [value: string, seconds: number])[] = [
  ['7', 7],
  // It can only lengthen the pause.
  ['0', 5],
  ['1000000000', 3600],
  ['-1', 5],
  ['1e9', 5],
  ['x', 5]
]

/** Every byte on its own, for ever. */
function drip(text: string, everyMs: number) {
  return (socket: Socket) => {
    let at = 0
    const timer = setInterval(() => {
      if (socket.destroyed) return clearInterval(timer)
      socket.write(at < text.length ? text.charAt(at) : 'x')
      at += 1
    }, everyMs)
    socket.on('close', () => clearInterval(timer))
  }
}

function flood(socket: Socket): void {
  const chunk = Buffer.alloc(65_536, 97)
  const more = () => {
    while (!socket.destroyed && socket.write(chunk));
  }
  socket.on('drain', more)
  more()
}

/** The whole table. `certificates`: of a trusted authority unless they stand alone. */
export function behaviours(certificates: {
  readonly good: Certificate
  readonly expired: Certificate
  readonly alone: Certificate
}): readonly Behaviour[] {
  const { good, expired, alone } = certificates
  const bomb = gzipSync(Buffer.alloc(8_000_000))
  const secure = { scheme: 'https', host: 'receiver.test' } as const
  return [
    ...statuses.map(ofStatus),
    ...retries.map(([value, seconds]): Behaviour => {
      return {
        name: `retry-after ${value}`,
        expected: failed(503, seconds),
        act: says(plain(503, `\r\nretry-after: ${value}`))
      }
    }),
    {
      name: 'disable with 200',
      expected: { state: 'gone', status: 200 },
      act: says(plain(200, '\r\nwebhook-delivery: disable'))
    },
    {
      name: 'disable with 500',
      expected: { state: 'gone', status: 500 },
      act: says(plain(500, '\r\nwebhook-delivery: disable'))
    },
    { name: 'nobody there', expected: broken('connect') },
    { name: 'accepts and says nothing', expected: broken('timeout'), act: () => {} },
    { name: 'header drips', expected: broken('timeout'), act: drip('HTTP/1.1 200 OK\r\nx: ', 50) },
    { name: 'body drips', expected: delivered(200), act: drip(`HTTP/1.1 200 OK\r\ncontent-length: 1000000${end}`, 5) },
    {
      name: 'body without end',
      expected: delivered(200),
      act: (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 9000000000${end}`)
        flood(socket)
      }
    },
    {
      name: 'chunks without end',
      expected: delivered(200),
      act: (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ntransfer-encoding: chunked${end}fffffff\r\n`)
        flood(socket)
      }
    },
    {
      name: 'gzip bomb',
      expected: delivered(200),
      act: (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: ${bomb.length}${end}`)
        socket.write(bomb)
      }
    },
    {
      name: 'header of 20 KB',
      expected: broken('malformed_answer'),
      act: says(`HTTP/1.1 200 OK\r\nx: ${'a'.repeat(20_000)}${end}`)
    },
    {
      name: 'header without end',
      expected: broken('malformed_answer'),
      act: (socket) => {
        socket.write('HTTP/1.1 200 OK\r\nx: ')
        flood(socket)
      }
    },
    { name: 'reset before an answer', expected: broken('reset'), act: (socket) => void socket.resetAndDestroy() },
    {
      name: 'reset within the header',
      expected: broken('reset'),
      act: (socket) => void socket.write('HTTP/1.1 200', () => socket.resetAndDestroy())
    },
    {
      name: 'reset within the body',
      expected: delivered(200),
      act: (socket) =>
        void socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 100${end}abc`, () =>
          setTimeout(() => socket.resetAndDestroy(), 50)
        )
    },
    {
      name: 'body shorter than announced',
      expected: delivered(200),
      act: (socket) => void socket.end(`HTTP/1.1 200 OK\r\ncontent-length: 9${end}abc`)
    },
    { name: 'closes on accept', expected: broken('reset'), greet: (socket) => void socket.destroy() },
    { name: 'no HTTP at all', expected: broken('malformed_answer'), act: says('SSH-2.0-OpenSSH_9.2\r\n') },
    { name: 'HTTP/1.0', expected: delivered(200), act: (socket) => void socket.end('HTTP/1.0 200 OK\r\n\r\nfine') },
    {
      name: 'early hints first',
      expected: delivered(204),
      act: says(`HTTP/1.1 103 Early Hints\r\nlink: </a>${end}HTTP/1.1 204 X${end}`)
    },
    {
      name: 'closes a kept connection on use',
      expected: delivered(204),
      act: (socket, count) =>
        void (count === 1 ? socket.write(`HTTP/1.1 204 X\r\nconnection: keep-alive${end}`) : socket.resetAndDestroy())
    },
    { name: 'TLS as it should be', expected: delivered(204), tls: good, act: says(`HTTP/1.1 204 X${end}`), ...secure },
    { name: 'TLS expired', expected: broken('tls'), tls: expired, act: says(plain(200)), ...secure },
    {
      name: 'TLS of another name',
      expected: broken('tls'),
      tls: good,
      act: says(plain(200)),
      ...secure,
      host: 'other.test'
    },
    { name: 'TLS self-signed', expected: broken('tls'), tls: alone, act: says(plain(200)), ...secure },
    { name: 'TLS that is none', expected: broken('tls'), act: says(plain(200)), greet: says(plain(200)), ...secure },
    { name: 'TLS that never shakes hands', expected: broken('connect'), act: () => {}, ...secure }
  ]
}

/** The receiver on a free port: its port and its end. */
export async function start({ act, greet, tls }: Behaviour): Promise<{ readonly port: number; close(): void }> {
  // A port that a closed server had is given to the next one that asks.
  if (!act && !greet) return { port: await freePort(), close: () => {} }
  const sockets = new Set<Socket>()
  const serve = (socket: Socket) => {
    let count = 0
    socket.on('error', () => {})
    greet?.(socket)
    let request = ''
    socket.on('data', (bytes) => {
      request += bytes.toString('latin1')
      const [header = '', body] = request.split(end)
      const length = Number(/content-length: (\d+)/i.exec(header)?.[1] ?? 0)
      if (body === undefined || body.length < length) return
      request = ''
      count += 1
      act?.(socket, count)
    })
  }
  const server = tls ? createTlsServer({ ...tls }, serve) : createServer(serve)
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.on('close', () => sockets.delete(socket))
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const close = () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  }
  return { port, close }
}
