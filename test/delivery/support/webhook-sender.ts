import { pino } from 'pino'
import { Deliveries, type DeliveriesOptions } from '../../../src/delivery/deliveries.ts'
import { Receivers } from '../../../src/delivery/receivers.ts'
import { parseJson } from '../../../src/domain/json/json.ts'
import { clearswiftPath, startApp, type TestApp, type TestAppOptions, testEgress } from '../../support/app.ts'

export interface PostOffice extends TestApp {
  readonly deliveries: Deliveries
  readonly owner: { readonly authorization: string }
  /** A subscription to a URL: its id and secret. It is active, without a ping. */
  subscribe(url: string, more?: object): Promise<{ readonly id: string; readonly secret: string }>
  /** Sends a request with the owner's key: its answer. */
  ask(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', path: string, payload?: object): Promise<Record<string, unknown>>
  /** One more revision: the event that it makes has the next seq. */
  publish(title: string): Promise<void>
  /** Lets everything be sent that can be sent now. */
  deliver(): Promise<void>
  /** Sets the clock forward, in seconds, and delivers. */
  pass(seconds: number): Promise<void>
}

interface Test {
  teardown(close: () => Promise<void>): void
}

interface Options extends TestAppOptions, Partial<Pick<DeliveriesOptions, 'transport' | 'rate'>> {
  readonly deadlineMs?: number
}

/** The service with couriers, a clock that is set, and chance that is always in the middle. */
export async function startPostOffice(t: Test, options: Options = {}): Promise<PostOffice> {
  const egress = options.egress ?? testEgress()
  const app = await startApp(t, { ...options, egress })
  const transport = options.transport ?? new Receivers({ egress, deadlineMs: options.deadlineMs ?? 2000 })
  const deliveries = new Deliveries({
    catalogues: app.catalogues,
    transport,
    base: () => 'https://portolan.example',
    chance: () => 0.5,
    rate: options.rate ?? 1_000_000,
    log: pino({ level: 'silent' })
  })
  await deliveries.start()
  t.teardown(() => deliveries.close())
  const owner = await app.key('subscriptions:write', 'catalogue:publish')
  const admin = await app.key('admin')
  const deliver = async () => {
    deliveries.wake()
    await deliveries.settled()
  }
  const post: PostOffice = {
    ...app,
    deliveries,
    owner,
    deliver,
    async subscribe(url, more = {}) {
      const payload = { url, ...more }
      const made = await app.request({ method: 'POST', url: '/v1/subscriptions', headers: owner, payload })
      if (made.statusCode !== 201) throw new Error(made.body)
      const { id, secret } = made.json()
      await app.request({ method: 'POST', url: `/v1/subscriptions/${id}/activate`, headers: admin })
      await deliver()
      return { id, secret }
    },
    async ask(method, path, payload) {
      const answer = await app.request({
        method,
        url: `/v1/subscriptions${path}`,
        headers: owner,
        ...(payload && { payload })
      })
      const read = answer.body === '' ? { value: {} } : parseJson(answer.rawPayload)
      if ('fault' in read) throw new Error(read.fault)
      return Object(read.value)
    },
    async publish(title) {
      const document = await app.request(`${clearswiftPath}/document`)
      const answer = await app.request({
        method: 'PUT',
        url: `${clearswiftPath}/document`,
        headers: { ...owner, 'if-match': String(document.headers.etag), 'content-type': 'application/json' },
        payload: JSON.stringify({ ...document.json(), title })
      })
      if (answer.statusCode !== 201) throw new Error(answer.body)
    },
    async pass(seconds) {
      app.clock.now += seconds * 1000
      app.clock.monotonic += seconds * 1000
      await deliver()
    }
  }
  return post
}
