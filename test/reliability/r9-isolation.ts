import { setTimeout as pause } from 'node:timers/promises'
import { startLoad } from './support/load.ts'
import { Failures, percentile, type Reliability, Teardown } from './support/report.ts'

const receivers = 50

/** One receiver that hangs does not slow the others: the same run with and without it. */
export const isolation: Reliability = {
  name: 'R9',
  title: 'one of fifty receivers hangs',
  async run(size) {
    const events = size === 'full' ? 300 : 40
    const without = await latencies(events, false)
    const hanging = await latencies(events, true)
    const [before, after] = [percentile(without, 0.99), percentile(hanging, 0.99)]
    const failures = new Failures()
    failures.expect(without.length === events * (receivers - 1), `${without.length} receipts without`)
    failures.expect(hanging.length === events * (receivers - 1), `${hanging.length} receipts beside one that hangs`)
    return {
      counts: {
        'ms p99 without': Math.round(before),
        'ms p99 beside one that hangs': Math.round(after),
        ratio: (after / before).toFixed(2)
      },
      failures: failures.list
    }
  }
}

/** Milliseconds from each commit to each receipt, but for the first receiver, which may hang. */
async function latencies(events: number, hangs: boolean): Promise<readonly number[]> {
  const t = new Teardown()
  const load = await startLoad(t, receivers)
  const [hanging, ...others] = load.inboxes
  if (hanging && hangs) hanging.delayMs = 20_000
  const committed: number[] = []
  for (let event = 0; event < events; event += 1) {
    committed.push((await load.publish()).at)
    await pause(50)
  }
  await load.arrived(events, 30_000, others)
  const found = others.flatMap(({ seqs, at }) => seqs.map((seq, index) => (at[index] ?? 0) - (committed[seq - 1] ?? 0)))
  await t.run()
  return found
}
