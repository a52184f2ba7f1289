import { once } from 'node:events'
import { WebSocket } from 'ws'

/** What the service says about an operation, without its id. */
export interface SocketMessage {
  readonly type: string
  readonly payload?: unknown
}

/** A raw client of `graphql-transport-ws`, which says whatever a test wants it to. */
export class GraphQLSocket {
  readonly #socket: WebSocket
  readonly #heard = new Map<string, SocketMessage[]>()
  readonly #listeners = new Map<string, (message: SocketMessage) => void>()
  readonly #ends = new Map<string, () => void>()
  #asked = 0
  /** Settles when the connection has ended. */
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>

  private constructor(socket: WebSocket) {
    this.#socket = socket
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }))
    socket.on('message', (data) => this.#hear(String(data)))
  }

  /** Opens a connection, and waits until the service has taken it. `parameters` are those of `connection_init`. */
  static async open(address: string, parameters: object = {}): Promise<GraphQLSocket> {
    const socket = new WebSocket(`${address.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    await once(socket, 'open')
    const opened = new GraphQLSocket(socket)
    const acknowledged = once(socket, 'message')
    socket.send(JSON.stringify({ type: 'connection_init', payload: parameters }))
    await acknowledged
    return opened
  }

  /** Sends an operation. The answer is all that the service says of it, until it is complete. `hear` is told each message when it comes. */
  async ask(payload: object, hear?: (message: SocketMessage) => void): Promise<readonly SocketMessage[]> {
    this.#asked += 1
    const id = String(this.#asked)
    const heard: SocketMessage[] = []
    if (hear) this.#listeners.set(id, hear)
    this.#heard.set(id, heard)
    const ended = new Promise<void>((resolve) => this.#ends.set(id, resolve))
    this.#socket.send(JSON.stringify({ id, type: 'subscribe', payload }))
    await Promise.race([ended, this.closed])
    return heard
  }

  #hear(text: string): void {
    const { id, type, payload }: SocketMessage & { readonly id?: string } = JSON.parse(
      text.replaceAll(/urn:uuid:[0-9a-f-]+/g, 'urn:uuid:x')
    )
    if (id === undefined) return
    const message = { type, ...(payload !== undefined && { payload }) }
    this.#heard.get(id)?.push(message)
    this.#listeners.get(id)?.(message)
    if (type === 'complete' || type === 'error') this.#ends.get(id)?.()
  }

  close(): void {
    this.#socket.terminate()
  }
}
