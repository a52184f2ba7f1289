import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket, connect as to } from 'node:net'

interface Test {
  teardown(done: () => Promise<void>): void
}

/** A way to a server that can go silent, as a network does whose packets are dropped. */
export interface Relay {
  /** The URL of the server by this way. */
  readonly url: string
  /** Drops every byte of every connection, also of new ones, and closes none. */
  silence(): void
  /** Lets new connections through. Those that were silent stay so. */
  heal(): void
}

export async function startRelay(t: Test, url: string): Promise<Relay> {
  const target = new URL(url)
  const sockets = new Set<Socket>()
  let isSilent = false
  const server = createServer((client) => {
    const upstream = to(Number(target.port), target.hostname)
    const way = { isDead: isSilent }
    ways.add(way)
    for (const [from, into] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      sockets.add(from)
      from.on('data', (bytes) => {
        if (!way.isDead) into.write(bytes)
      })
      from.on('end', () => {
        if (!way.isDead) into.end()
      })
      from.on('error', () => {})
      from.on('close', () => {
        sockets.delete(from)
        if (!way.isDead) into.destroy()
      })
    }
  })
  const ways = new Set<{ isDead: boolean }>()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const through = new URL(url)
  // A server that listens at a port has an address with one.
  through.port = String((server.address() as AddressInfo).port)
  return {
    url: through.href,
    silence() {
      isSilent = true
      for (const way of ways) way.isDead = true
    },
    heal() {
      isSilent = false
    }
  }
}
