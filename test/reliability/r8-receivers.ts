import { Egress } from '../../src/delivery/egress.ts'
import { Receivers } from '../../src/delivery/receivers.ts'
import { startPostOffice } from '../delivery/support/webhook-sender.ts'
import { type Behaviour, behaviours, start } from './support/behaviours.ts'
import { certificates } from './support/certificates.ts'
import { memory } from './support/memory.ts'
import { Failures, type Reliability, Teardown } from './support/report.ts'

const deadlineMs = 5000
const mostGrownMb = 20

/** Each way in which a receiver can behave has its state and its entry in the log, and none holds a place for ever. */
export const receiverMatrix: Reliability = {
  name: 'R8',
  title: 'receivers of every kind',
  async run() {
    const t = new Teardown()
    const made = certificates()
    const lookup = async () => ['127.0.0.1']
    const policy = { allow: ['127.0.0.0/8'], allowsHttp: true }
    const egress = new Egress({ policy, lookup, connectMs: 2000, ca: made.ca })
    const transport = new Receivers({ egress, deadlineMs })
    const post = await startPostOffice({ teardown: (close) => t.teardown(close) }, { egress, transport })
    const failures = new Failures()
    const all = behaviours(made)
    const before = memory()
    const running: (Behaviour & { readonly id: string; close(): void })[] = []
    for (const behaviour of all) {
      const { port, close } = await start(behaviour)
      const { scheme = 'http', host = '127.0.0.1' } = behaviour
      // Not by `subscribe`: its first message would be answered already.
      const payload = { url: `${scheme}://${host}:${port}/`, description: behaviour.name }
      const { id } = await post.ask('POST', '', payload)
      running.push({ ...behaviour, id: String(id), close })
    }
    const { subscriptions } = post.catalogues.store
    for (const { id } of running) await subscriptions.edit(id, 1, { state: { to: 'active' } }, post.clock.now)
    await post.publish('one')
    const began = performance.now()
    await post.deliver()
    const first = Math.round(performance.now() - began)
    const isKept = (name: string) => name.startsWith('closes a kept')
    await post.publish('two')
    await post.deliver()
    for (const { id, name, expected } of running) {
      const subscription = await post.ask('GET', `/${id}`)
      const { items } = await post.ask('GET', `/${id}/deliveries`)
      // Oldest first, attempts only.
      const attempts = [items]
        .flat()
        .map(Object)
        .filter(({ kind }) => kind === 'live')
        .reverse()
      const [attempt = {}, second] = attempts
      const is = JSON.stringify({ state: subscription.state, status: attempt.status, error: attempt.error })
      const should = JSON.stringify({ state: expected.state, status: expected.status, error: expected.error })
      failures.expect(is === should, `${name}: ${is} instead of ${should} (${attempt.detail})`)
      failures.expect(
        attempt.result === (expected.state === 'active' || isTaken(attempt.status) ? 'delivered' : 'failed'),
        `${name}: ${attempt.result}`
      )
      if (expected.after !== undefined) {
        const wait = (Date.parse(String(subscription.nextAttemptAt)) - post.clock.now) / 1000
        failures.expect(wait === expected.after, `${name}: tried again after ${wait} s instead of ${expected.after}`)
      }
      if (expected.state === 'active')
        failures.expect(
          second?.result === 'delivered',
          `${name}: the second event was ${second?.result} ${second?.error}`
        )
      else failures.expect(second === undefined, `${name}: a second event was sent before its time`)
      if (isKept(name)) failures.expect(attempts.length === 2, `${name}: ${attempts.length} attempts`)
    }
    for (const { close } of running) close()
    const after = memory()
    const grown = Math.round(after.used - before.used)
    failures.expect(grown <= mostGrownMb, `${grown} MB more are in use than before`)
    failures.expect(first < deadlineMs + 5000 + 2500, `${first} ms until all places were free`)
    await t.run()
    return {
      counts: {
        behaviours: all.length,
        'ms until all were free': first,
        'MB more in use': grown,
        'MB more resident': Math.round(after.resident - before.resident)
      },
      failures: failures.list
    }
  }
}

function isTaken(status: unknown): boolean {
  return typeof status === 'number' && status >= 200 && status < 300
}
