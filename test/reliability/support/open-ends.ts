import { once } from 'node:events'
import { connect } from 'node:net'
import { WebSocket } from 'ws'

/** Connections on which something is still open when a service stops. */
export interface OpenEnds {
  /** Resolves when the service has ended all of them: with those that it ended in a wrong way. */
  readonly faults: Promise<readonly string[]>
}

/** Opens one of each kind. Resolves once the service has taken each that it answers something. */
export async function openEnds(address: string, key: Readonly<Record<string, string>>): Promise<OpenEnds> {
  const { hostname, port, host } = new URL(address)
  const opened: (() => Promise<string | undefined>)[] = []

  const poll = fetch(`${address}/v1/events?after=0&type=catalogue.transitioned`, {
    headers: { ...key, prefer: 'wait=50' }
  })
  opened.push(async () => ((await poll).status === 200 ? undefined : `a long poll was answered ${(await poll).status}`))
  poll.catch(() => {})

  const stream = await fetch(`${address}/v1/events/stream`, { headers: key })
  const text = stream.text()
  text.catch(() => {})
  opened.push(async () => {
    await text
    return undefined
  })

  const socket = new WebSocket(`ws://${host}/graphql`, 'graphql-transport-ws', { headers: key })
  const closed = once(socket, 'close')
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init' }))
  await once(socket, 'message')
  opened.push(async () => {
    const [code] = await closed
    return code === 1006 ? 'a WebSocket was closed without a code' : undefined
  })

  for (const part of [
    '',
    'GET /v1/catalogues HTTP/1.1\r\nHost: x\r\n',
    'POST /graphql HTTP/1.1\r\nContent-Length: 9\r\n\r\n{'
  ]) {
    const half = connect(Number(port), hostname)
    half.on('error', () => {})
    const ended = once(half, 'close')
    await once(half, 'connect')
    half.write(part)
    half.resume()
    opened.push(async () => {
      await ended
      return undefined
    })
  }
  const faults = Promise.all(opened.map((end) => end().catch((error: unknown) => `${error}`)))
  return { faults: faults.then((found) => found.filter((fault) => fault !== undefined)) }
}
