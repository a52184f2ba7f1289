import { strict as assert } from 'node:assert'
import { once } from 'node:events'
import { request } from 'node:http'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { type Check, checksOf } from './check.ts'

const protocol = 'graphql-transport-ws'
const init = { type: 'connection_init' }
const follow = { id: '1', type: 'subscribe', payload: { query: 'subscription { events { seq } }' } }

/** What graphql-ws says of the protocol, with raw frames; then its own client. */
export function socketChecks(service: string): readonly Check[] {
  const url = `${service.replace('http', 'ws')}/graphql`
  const closes =
    (code: number, open: (url: string) => Promise<WebSocket>, ...messages: readonly (string | object)[]) =>
    async () => {
      const socket = await open(url)
      for (const message of messages) socket.send(typeof message === 'string' ? message : JSON.stringify(message))
      const [closed] = await once(socket, 'close')
      assert.equal(closed, code)
    }
  return [
    ...checksOf('graphql-transport-ws', {
      'invalid JSON: 4400': closes(4400, opened, '{'),
      'an unknown type: 4400': closes(4400, opened, { type: 'nonsense' }),
      'subscribe before connection_init: 4401': closes(4401, opened, follow),
      'a second connection_init: 4429': closes(4429, connected, init),
      'an id that is in use: 4409': closes(4409, connected, follow, follow),
      'no connection_init: 4408': closes(4408, opened),
      'an unknown sub-protocol: 4406': async () => assert.equal(await closeCodeFor(service, 'nonsense'), 4406),
      'a query: next and complete': async () => {
        const socket = await connected(url)
        const query = { id: 'a', type: 'subscribe', payload: { query: '{ formats { name } }' } }
        const [next, complete] = await answers(socket, 2, query)
        assert.equal(next?.type, 'next')
        assert.deepEqual(complete, { id: 'a', type: 'complete' })
        socket.close()
      },
      'a ping: a pong with its payload': async () => {
        const socket = await connected(url)
        const ping = { type: 'ping', payload: { at: 1 } }
        const [pong] = await answers(socket, 1, ping)
        assert.deepEqual(pong, { type: 'pong', payload: { at: 1 } })
        socket.close()
      }
    }),
    ...checksOf('graphql-ws', {
      'its client reads the log as a subscription': async () => {
        const client = createClient({ url, webSocketImpl: WebSocket })
        const seen: unknown[] = []
        for await (const { data } of client.iterate({ query: 'subscription { events(after: 0) { seq type } }' })) {
          seen.push(data)
          if (seen.length === 2) break
        }
        await client.dispose()
        assert.deepEqual(seen, [
          { events: { seq: 1, type: 'catalogue.created' } },
          { events: { seq: 2, type: 'catalogue.revision_published' } }
        ])
      }
    })
  ]
}

async function opened(url: string): Promise<WebSocket> {
  const socket = new WebSocket(url, protocol)
  await once(socket, 'open')
  return socket
}

/** With its connection_ack: only then may a client go on. */
async function connected(url: string): Promise<WebSocket> {
  const socket = await opened(url)
  const [ack] = await answers(socket, 1, init)
  assert.deepEqual(ack, { type: 'connection_ack' })
  return socket
}

interface Message {
  readonly type: string
  readonly id?: string
  readonly payload?: unknown
}

/** Sends messages, and waits for so many. */
async function answers(socket: WebSocket, count: number, ...messages: readonly object[]): Promise<readonly Message[]> {
  const received: Message[] = []
  const done = new Promise<void>((resolve, reject) => {
    socket.on('message', (data) => {
      received.push(JSON.parse(String(data)))
      if (received.length === count) resolve()
    })
    socket.once('close', (code) => reject(new Error(`closed with ${code}`)))
  })
  for (const message of messages) socket.send(JSON.stringify(message))
  await done
  return received
}

/** By hand: clients refuse a server that agrees to none of their sub-protocols, and never see what it says then. RFC 6455, 5.5.1. */
async function closeCodeFor(service: string, wanted: string): Promise<number> {
  const headers = {
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': wanted
  }
  const asked = request(`${service}/graphql`, { headers })
  asked.end()
  const [, socket, head] = await once(asked, 'upgrade')
  const [frame] = head.length > 0 ? [head] : await once(socket, 'data')
  socket.destroy()
  assert.equal(frame[0], 0x88, 'it is a close frame')
  return frame.readUInt16BE(2)
}
