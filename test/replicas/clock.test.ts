import t from 'tap'
import type { WebhookTransport } from '../../src/delivery/transport.ts'
import { openStore } from '../../src/store/open.ts'
import { startPostOffice } from '../delivery/support/webhook-sender.ts'
import { startApp } from '../support/app.ts'
import { documentInput, requirementInput } from '../support/document.ts'
import { noPostgres } from '../support/engine.ts'
import { postgresServer } from '../support/postgres.ts'
import { publishTitle } from './support/publish-title.ts'

t.setTimeout(300_000)
const server = postgresServer(t)
const options = { skip: noPostgres }

t.test(
  'a process whose clock is far from that of the store is not ready, tells nothing and sends nothing',
  options,
  async (t) => {
    const url = await server.database()
    let aheadMs = 0
    let sent = 0
    const transport: WebhookTransport = {
      async send() {
        sent += 1
        return { kind: 'answered', status: 204, isDisabling: false, body: '', durationMs: 1 }
      },
      close: async () => {}
    }
    const near = await startApp(t, { store: await openStore(url), isSeeded: false, isTicking: true })
    const far = await startPostOffice(t, {
      store: await openStore(url),
      isSeeded: false,
      isTicking: true,
      aheadMs: () => aheadMs,
      transport
    })
    await publishTitle(near, 'gateway', 'one')
    await far.subscribe('http://127.0.0.1:9/')
    const before = sent
    const ready = async () => (await far.request('/health/ready')).statusCode
    t.equal(await ready(), 200)

    for (const apart of [120_000, -120_000]) {
      aheadMs = apart
      await far.catalogues.heads.refresh()
      const refusal = await far.request('/health/ready')
      t.match(refusal.json(), { code: 'not_ready', parts: ['clock'] })
      const metric = Number(/^portolan_clock_ahead_seconds (\S+)$/m.exec((await far.request('/metrics')).body)?.[1])
      t.ok(Math.abs(metric - apart / 1000) < 5, `${metric}`)
    }
    aheadMs = 120_000
    await far.catalogues.heads.refresh()
    const endpoints = [
      { kind: 'address', value: '20.0.0.1', until: new Date(Date.now() + 60_000).toISOString() },
      { kind: 'address', value: '20.0.0.2' }
    ]
    const made = await near.request({
      method: 'PUT',
      url: '/v1/catalogues/timed/document',
      headers: { ...(await near.key('catalogue:publish')), 'content-type': 'application/json', 'if-none-match': '*' },
      payload: JSON.stringify(documentInput({ id: 'timed', requirements: [requirementInput({ endpoints })] }))
    })
    t.equal(made.statusCode, 201)
    await far.catalogues.heads.refresh()
    await far.transitions.look()
    await far.deliver()
    t.equal(sent, before, 'nothing is sent')
    const events = (await near.request('/v1/events')).json().items
    t.notOk(
      events.some(({ type }: { type: string }) => type === 'catalogue.transitioned'),
      'nothing is told early'
    )

    aheadMs = 0
    await far.catalogues.heads.refresh()
    t.equal(await ready(), 200)
    await far.deliver()
    t.equal(sent, before + 1, 'what waited is sent')
  }
)

t.test('what is recorded never runs back, whatever the clocks of processes say', options, async (t) => {
  const url = await server.database()
  const start = async (aheadMs: number) =>
    startApp(t, { store: await openStore(url), isSeeded: false, isTicking: true, aheadMs: () => aheadMs })
  const [fast, right] = [await start(3000), await start(0)]
  await publishTitle(fast, 'gateway', 'one')
  await right.catalogues.heads.refresh()
  await publishTitle(right, 'gateway', 'two')
  const { items } = (await right.request('/v1/catalogues/gateway/revisions')).json()
  const recorded = items.map(({ recordedAt }: { recordedAt: string }) => Date.parse(recordedAt))
  t.ok(recorded[0] >= recorded[1], 'the newest comes first')
})
