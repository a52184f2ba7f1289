import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { EventSourcePolyfill } from 'event-source-polyfill'
import t from 'tap'
import { startApp, type TestApp } from '../../support/app.ts'
import { documentInput } from '../../support/document.ts'

async function publish(app: TestApp, label: number): Promise<void> {
  const key = await app.key('catalogue:publish')
  const { statusCode } = await app.request({
    method: 'PUT',
    url: '/v1/catalogues/a/document',
    headers: {
      ...key,
      'content-type': 'application/json',
      ...(label === 1 ? { 'if-none-match': '*' } : { 'if-match': '*' })
    },
    payload: JSON.stringify(documentInput({ id: 'a', edition: { label: String(label), summary: 'What is new' } }))
  })
  if (statusCode !== 201) throw new Error(`answered ${statusCode}`)
}

/** A way to the service that can be cut. It keeps the first line of each request. */
async function startWire(t: { teardown(close: () => void): void }, port: number) {
  const [open, lines] = [new Set<Socket>(), [] as string[]]
  const server = createServer((near) => {
    const far = connect(port, '127.0.0.1')
    near.on('data', (chunk) => lines.push(chunk.toString().split('\r\n')[0] ?? ''))
    near.pipe(far).pipe(near)
    for (const socket of [near, far]) {
      open.add(socket)
      socket.on('error', () => {})
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => {
    for (const socket of open) socket.destroy()
    open.clear()
  }
  t.teardown(() => {
    cut()
    server.close()
  })
  // Listening on a port, so its address has one.
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, lines, cut }
}

t.test('event-source-polyfill goes on where its connection was cut, by a parameter', async (t) => {
  const app = await startApp(t, { isSeeded: false })
  const wire = await startWire(t, Number(new URL(await app.listen()).port))
  const source = new EventSourcePolyfill(`${wire.address}/v1/events/stream?named=false`)
  t.teardown(() => source.close())
  const heard: number[] = []
  const until = async (seq: number) => {
    while (heard.at(-1) !== seq) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  source.onmessage = ({ data }) => heard.push(JSON.parse(data).seq)
  for (const label of [1, 2]) await publish(app, label)
  await until(2)
  wire.cut()
  for (const label of [3, 4]) await publish(app, label)
  await until(4)
  t.strictSame(heard, [1, 2, 3, 4])
  t.match(wire.lines.at(-1), `lastEventId=${app.catalogues.store.epoch}-2`)
})
