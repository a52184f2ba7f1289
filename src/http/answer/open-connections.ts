import type { Socket } from 'node:net'
import type { App } from '../request/type-provider.ts'

/** How long answers that are under way and WebSockets have to come to an end, in milliseconds. */
const graceMs = 1500

/**
 * Ends the connections of an application that closes: at once those on which nothing was ever sent, such as a spare one of a browser, and
 * all others after a grace. Node waits for both. Containers are killed after ten seconds.
 */
export function endConnectionsOnClose(app: App): void {
  const open = new Set<Socket>()
  app.server.on('connection', (socket: Socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  app.addHook('preClose', (done) => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy()
    setTimeout(() => {
      for (const socket of open) socket.destroy()
    }, graceMs).unref()
    done()
  })
}
