import { setTimeout as pause } from 'node:timers/promises'
import { addresses, documentInput, requirementInput } from '../support/document.ts'
import { type Ask, clientOf, subscribe } from './support/client.ts'
import { openCrowd } from './support/crowd.ts'
import { Failures, missedGoal, percentile, type Reliability, Teardown } from './support/report.ts'
import { build, makeKey, startProcess, temporaryFolder } from './support/service.ts'

const [catalogues, receivers, readers] = [100, 50, 4]
/** Addresses that end in each catalogue. */
const sizes = { ci: 10, full: 50 } as const

/** A midnight at which a hundred catalogues change at once, as the receivers and the readers of a service see it. */
export const storm: Reliability = {
  name: 'R7',
  title: 'retirements at one instant in a hundred catalogues, to fifty receivers',
  async run(size) {
    const t = new Teardown()
    const failures = new Failures()
    build()
    const url = `sqlite:${temporaryFolder(t)}/portolan.db`
    const service = await startProcess(url, { PORTOLAN_UPCOMING_DAYS: '' })
    t.teardown(() => void service.end('SIGTERM'))
    const ask = clientOf(service.address, await makeKey(url, 'admin'))
    const crowd = await openCrowd(t, receivers)
    const secrets: string[] = []
    for (const url of crowd.urls)
      secrets.push((await subscribe(ask, url, { types: ['catalogue.transitioned'] })).secret)
    await crowd.begin({ secrets, after: catalogues + 1 })

    // Later than this machine needs to write them all before it, also where it slows down meanwhile.
    const trial = performance.now()
    await publish(ask, 'trial', 1, Date.now() + 86_400_000)
    const midnight = Math.ceil((Date.now() + 5000 + 3 * catalogues * (performance.now() - trial)) / 1000) * 1000
    for (let index = 0; index < catalogues; index += 1) await publish(ask, `product-${index}`, sizes[size], midnight)
    failures.expect(Date.now() < midnight, 'the catalogues were not there before midnight')
    await pause(midnight - 500 - Date.now())

    const reading = { isOver: false }
    const reads = Promise.all(Array.from({ length: readers }, () => readUntil(reading, service.address)))
    const wanted = catalogues * receivers
    const { received, misplaced, unverified, firstAt, lastAt } = await crowd.received(wanted, 60_000)
    reading.isOver = true
    const latencies = (await reads).flat()
    const { items = [] } = (await ask('GET', `/v1/events?after=${catalogues + 1}&limit=1000`)).body
    failures.expect(items.length === catalogues, `${items.length} events at midnight`)
    failures.expect(
      new Set(items.map(({ catalogue }) => catalogue)).size === catalogues,
      'a catalogue has more than one event, or none'
    )
    failures.expect(received === wanted, `${received} of ${wanted} deliveries within a minute`)
    failures.expect(misplaced === 0, `${misplaced} out of order`)
    failures.expect(unverified === 0, `${unverified} did not verify`)
    failures.expect(firstAt >= midnight, `the first came ${midnight - firstAt} ms early`)
    await t.run()
    return {
      counts: {
        retirements: catalogues * sizes[size],
        events: items.length,
        deliveries: received,
        'ms to the first': firstAt - midnight,
        'ms to the last': lastAt - midnight,
        'reads meanwhile': latencies.length,
        'ms p99 of them': percentile(latencies, 0.99).toFixed(1)
      },
      failures: failures.list,
      missed: [
        ...missedGoal('ms to the first', firstAt - midnight, 1000, 'at most'),
        ...missedGoal('ms to the last', lastAt - midnight, 60_000, 'at most'),
        ...missedGoal('ms p99 of reads', percentile(latencies, 0.99), 50, 'at most')
      ]
    }
  }
}

const meant = 'override=mass_removal&reason=All%20mirrors%20move'

async function publish(ask: Ask, id: string, ends: number, until: number): Promise<void> {
  const ending = addresses(ends, 0).map((each) => ({ ...each, until: new Date(until).toISOString() }))
  const endpoints = [{ kind: 'host', value: 'stays.example.net' }, ...ending]
  const document = documentInput({ id, requirements: [requirementInput({ endpoints })] })
  const { status, body } = await ask('PUT', `/v1/catalogues/${id}/document?${meant}`, document, {
    'if-none-match': '*'
  })
  if (status !== 201) throw new Error(`${id} was answered ${status} ${JSON.stringify(body)}`)
}

/** Milliseconds of each read. What is read changes at midnight. */
async function readUntil(reading: { readonly isOver: boolean }, address: string): Promise<readonly number[]> {
  const latencies: number[] = []
  for (let turn = 0; !reading.isOver; turn += 1) {
    const began = performance.now()
    const answer = await fetch(`${address}/v1/catalogues/product-${turn % catalogues}`)
    await answer.arrayBuffer()
    if (!answer.ok) throw new Error(`a read was answered ${answer.status}`)
    latencies.push(performance.now() - began)
    // As a client would, who is not there to load the service.
    await pause(5)
  }
  return latencies
}
