import { randomInt } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer } from 'node:net'

/** Below the ports that Linux gives out by itself, from 32768: no connection of another test takes one between the check and the use. */
const [first, end] = [15_000, 32_000]

/** A port of 127.0.0.1 that nobody holds, over TCP or UDP: for programs that cannot say which port they were given. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, end)
    if ((await canListen(port)) && (await canReceive(port))) return port
  }
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  return opens(server, once(server, 'listening'))
}

async function canReceive(port: number): Promise<boolean> {
  const socket = createSocket('udp4').bind(port, '127.0.0.1')
  return opens(socket, once(socket, 'listening'))
}

async function opens(resource: { close(done: () => void): unknown }, listening: Promise<unknown>): Promise<boolean> {
  try {
    await listening
  } catch {
    return false
  }
  await new Promise<void>((resolve) => resource.close(resolve))
  return true
}

/** Whether a program listens on a port of 127.0.0.1. */
export async function isListenedTo(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1')
  try {
    await once(socket, 'connect')
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}
