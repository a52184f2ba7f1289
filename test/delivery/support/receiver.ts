import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface Received {
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** The body as JSON. */
  readonly event: Readonly<Record<string, unknown>>
}

/** What a receiver answers: a status, or whatever it does. */
export type Reply = number | ((response: ServerResponse, received: Received) => void)

export interface Receiver {
  readonly url: string
  readonly received: Received[]
  /** How the next requests are answered; the last one stays. */
  replies: Reply[]
  close(): Promise<void>
}

interface Test {
  teardown(close: () => Promise<void>): void
}

/** A receiver on a free port of this machine, which answers 204. */
export async function startReceiver(t: Test, ...replies: Reply[]): Promise<Receiver> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text: string) => {
      body += text
    })
    request.on('end', () => {
      const one = { headers: request.headers, body, event: JSON.parse(body) }
      received.push(one)
      const reply = (receiver.replies.length > 1 ? receiver.replies.shift() : receiver.replies[0]) ?? 204
      if (typeof reply === 'number') response.writeHead(reply).end()
      else reply(response, one)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // Listening on a port, so its address has one.
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hook`,
    received,
    replies,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  }
  t.teardown(() => receiver.close())
  return receiver
}
