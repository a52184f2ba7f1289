import { once } from 'node:events'
import { connect } from 'node:net'
import t from 'tap'
import { startApp } from '../../support/app.ts'

t.test(
  'a service that closes waits for no connection that is silent, or never comes to the end of a request',
  async (t) => {
    const app = await startApp(t, { isSeeded: false })
    const { hostname, port } = new URL(await app.listen())
    const closed: Promise<unknown>[] = []
    for (const text of ['', 'GET /v1/catalogues HTTP/1.1\r\nX-Slow: ']) {
      const socket = connect(Number(port), hostname)
      await once(socket, 'connect')
      socket.write(text)
      socket.resume()
      closed.push(once(socket, 'close'))
    }
    // The service has both connections, since it answers a later one.
    t.equal((await fetch(`http://${hostname}:${port}/health/live`)).status, 200)
    await app.close()
    await Promise.all(closed)
    t.pass('all connections are closed')
  }
)
