import { Pool } from 'undici'
import { openInbox } from './inbox.ts'
import { inboxFaults, startLoad } from './load.ts'
import { Failures, type Reliability, Teardown } from './report.ts'

const receivers = 50

/** Deliveries a second, signed, logged and leased, beside bare requests of the same client to the same receivers. */
export const throughput: Reliability = {
  name: 'R10',
  title: 'throughput to fifty receivers',
  async run(size) {
    const seconds = size === 'full' ? 300 : 10
    const failures = new Failures()
    const bare = await bareRate(Math.min(seconds, 10))
    const plain = await rate(seconds, false, failures)
    const signed = await rate(Math.min(seconds, 10), true, failures)
    return {
      counts: {
        'bare requests/s': Math.round(bare),
        'deliveries/s': Math.round(plain),
        ratio: (plain / bare).toFixed(2),
        'deliveries/s with v1a': Math.round(signed),
        'ratio with v1a': (signed / bare).toFixed(2)
      },
      failures: failures.list
    }
  }
}

async function bareRate(seconds: number): Promise<number> {
  const inboxes = await Promise.all(Array.from({ length: receivers }, openInbox))
  const body = JSON.stringify({ seq: 1, filler: 'x'.repeat(900) })
  const end = performance.now() + seconds * 1000
  let requests = 0
  await Promise.all(
    inboxes.map(async ({ url }) => {
      const pool = new Pool(new URL(url).origin, { connections: 1 })
      while (performance.now() < end) {
        const answer = await pool.request({
          path: '/',
          method: 'POST',
          body,
          headers: { 'content-type': 'application/json' }
        })
        await answer.body.dump()
        requests += 1
      }
      await pool.close()
    })
  )
  for (const inbox of inboxes) inbox.close()
  return requests / seconds
}

/** Events are there before anybody asks how fast they go out. */
async function rate(seconds: number, isAsymmetric: boolean, failures: Failures): Promise<number> {
  const t = new Teardown()
  const load = await startLoad(t, receivers, { isAsymmetric })
  const end = performance.now() + seconds * 1000
  const began = performance.now()
  let events = 0
  while (performance.now() < end) {
    await load.publish()
    events += 1
    // Not so far ahead that the publisher is what is measured.
    while (events - Math.min(...load.inboxes.map(({ seqs }) => seqs.length)) > 20 && performance.now() < end)
      await new Promise((resolve) => setTimeout(resolve, 5))
  }
  failures.expect(await load.arrived(events, 30_000), 'what waited was not sent within 30 seconds')
  const took = (performance.now() - began) / 1000
  for (const inbox of load.inboxes) failures.list.push(...inboxFaults(inbox, events))
  const deliveries = load.inboxes.reduce((sum, { seqs }) => sum + seqs.length, 0)
  await t.run()
  return deliveries / took
}
