import type { Socket } from 'node:net'
import { type buildConnector, Client } from 'undici'
import { portOf } from '../domain/webhook/receiver-url.ts'

/** Where a tunnel leads. */
export type TunnelEnd = Pick<buildConnector.Options, 'hostname' | 'port' | 'protocol'>

/**
 * Opens a tunnel to a receiver with CONNECT (RFC 9110, section 9.3.6). The receiver is named as its URL names it, since proxies decide by
 * names; so the proxy resolves the name itself. `proxy`: its URL, which may have a user and a password. `timeoutMs`: for the connection, and
 * for the answer.
 * @throws Error where the proxy cannot be reached or does not make the tunnel
 */
export async function openTunnel(proxy: string, end: TunnelEnd, timeoutMs: number): Promise<Socket> {
  const { origin, username, password } = new URL(proxy)
  const client = new Client(origin, { connect: { timeout: timeoutMs }, headersTimeout: timeoutMs })
  const path = `${end.hostname}:${portOf(end)}`
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  const headers = {
    host: path,
    ...(username !== '' && { 'proxy-authorization': `Basic ${Buffer.from(credentials).toString('base64')}` })
  }
  try {
    const { statusCode, socket } = await client.connect({ path, headers })
    // The tunnel is the connection to the proxy itself.
    if (statusCode >= 200 && statusCode < 300) return socket as Socket
    socket.on('error', () => {}).destroy()
    throw new Error(`the answer is ${statusCode}`)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new Error(`the proxy makes no tunnel to ${path}: ${detail}`)
  } finally {
    // A tunnel is not the client's any more.
    void client.destroy().catch(() => {})
  }
}
