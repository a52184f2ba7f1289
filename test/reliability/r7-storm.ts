import { inboxFaults, startLoad } from './load.ts'
import { Failures, type Reliability, Teardown } from './report.ts'

const [catalogues, receivers] = [100, 50]

/** What the receivers see of a midnight at which a hundred catalogues change at once. */
export const storm: Reliability = {
  name: 'R7',
  title: 'a hundred events at once to fifty receivers',
  async run() {
    const t = new Teardown()
    const failures = new Failures()
    const load = await startLoad(t, receivers)
    const began = performance.now()
    for (let index = 0; index < catalogues; index += 1) await load.publish(`catalogue-${index}`)
    failures.expect(await load.arrived(catalogues, 60_000), 'not all was sent within a minute')
    const drained = Math.round(performance.now() - began)
    const first = Math.round(Math.min(...load.inboxes.map(({ at }) => at[0] ?? Number.POSITIVE_INFINITY)) - began)
    failures.list.push(...load.inboxes.flatMap((inbox) => inboxFaults(inbox, catalogues)))
    const deliveries = load.inboxes.reduce((sum, { seqs }) => sum + seqs.length, 0)
    await t.run()
    return {
      counts: {
        deliveries,
        'sent twice': deliveries - catalogues * receivers,
        'ms to the first': first,
        'ms to the last': drained
      },
      failures: failures.list
    }
  }
}
