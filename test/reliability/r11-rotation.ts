import { setTimeout as pause } from 'node:timers/promises'
import { rotateSubscriptionSecret } from '../../src/catalogue/webhook/subscriptions.ts'
import { inboxFaults, startLoad } from './support/load.ts'
import { Failures, type Reliability, seeded, Teardown } from './support/report.ts'

const receivers = 5

/** Secrets are replaced under load, and receivers change over late: each request verifies with the one that a receiver has. */
export const rotation: Reliability = {
  name: 'R11',
  title: 'secrets rotated under load',
  async run(size) {
    const seconds = size === 'full' ? 120 : 20
    const random = seeded(11)
    const t = new Teardown()
    const failures = new Failures()
    const load = await startLoad(t, receivers)
    const state = { isOver: false, rotations: 0 }
    const rotating = Promise.all(
      load.inboxes.map(async (inbox, index) => {
        while (!state.isOver) {
          const { secret } = await rotateSubscriptionSecret(load.subscribing, 'shell', load.ids[index] ?? '')
          state.rotations += 1
          // What is under way was signed before. Two replaced ones sign beside it, so a receiver may be late by the time of two.
          await pause(250 + random() * 3250)
          inbox.secrets = [secret]
          await pause(500)
        }
      })
    )
    const end = performance.now() + seconds * 1000
    let events = 0
    while (performance.now() < end) {
      await load.publish()
      events += 1
      await pause(10)
    }
    state.isOver = true
    await rotating
    failures.expect(await load.arrived(events, 30_000), 'not everything was sent')
    failures.list.push(...load.inboxes.flatMap((inbox) => inboxFaults(inbox, events)))
    const deliveries = load.inboxes.reduce((sum, { seqs }) => sum + seqs.length, 0)
    const unverified = load.inboxes.reduce((sum, { faults }) => sum + faults.length, 0)
    await t.run()
    return { counts: { deliveries, rotations: state.rotations, unverified }, failures: failures.list }
  }
}
