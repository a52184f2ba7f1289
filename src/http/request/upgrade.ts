import { EventEmitter } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { toOriginForm } from './host.ts'

/** The one path at which a connection may become a WebSocket. */
const socketPath = /^\/graphql(?:$|\?)/

/** Whether a request is a whole opening handshake of RFC 6455 section 4.2.1, at the path that takes one. Part of one is none. */
function isHandshake(request: IncomingMessage): boolean {
  const { method, headers, httpVersion } = request
  return (
    method === 'GET' &&
    httpVersion === '1.1' &&
    socketPath.test(toOriginForm({ url: request.url ?? '', headers: {} })) &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    /^[+/0-9a-z]{22}==$/i.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-version'] === '13' &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) === 0
  )
}

/**
 * Lets only handshakes of WebSockets upgrade a connection: what this returns emits `upgrade` for them. Every other request that asks for an
 * upgrade is answered as if it had not asked, RFC 9110 section 7.8: it is read once more without that field, so nothing that looks at
 * requests has to know of it. Its connection ends with the answer.
 */
export function handshakesOf(server: Server): EventEmitter {
  const handshakes = new EventEmitter()
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (isHandshake(request)) {
      handshakes.emit('upgrade', request, socket, head)
      return
    }
    socket.unshift(Buffer.concat([plainHead(request), head]))
    server.emit('encrypted' in socket ? 'secureConnection' : 'connection', socket)
  })
  return handshakes
}

function plainHead({ method, url, httpVersion, rawHeaders }: IncomingMessage): Buffer {
  const lines = [`${method} ${url} HTTP/${httpVersion}`]
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!['upgrade', 'connection'].includes(String(rawHeaders[at]).toLowerCase()))
      lines.push(`${rawHeaders[at]}: ${rawHeaders[at + 1]}`)
  return Buffer.from([...lines, 'Connection: close', '', ''].join('\r\n'), 'latin1')
}
