import { setTimeout } from 'node:timers/promises'
import { openStore } from '../src/store/open.ts'
import type { Store } from '../src/store/store.ts'
import { alternate, timed } from './alternate.ts'
import { ask } from './answer.ts'
import { sqliteUrl } from './catalogues.ts'
import { megabytes, milliseconds } from './figures.ts'
import { Filling } from './fill.ts'
import type { Benchmark, Row, Run } from './row.ts'
import { type Service, startService } from './service.ts'
import { SyntheticCatalogue } from './synthetic-catalogue.ts'
import { withFolder } from './temporary-folder.ts'

const id = 'mirrored'
const changed = 24
/** How many milliseconds a service has to notice what another process published, and to update its ledger. */
const noticeMs = 1_500

/** A mirror of one catalogue: the cost of a round after a publish, of a round without changes, and of a baseline. */
export const deltas: Benchmark = (run) =>
  withFolder(async (folder) => {
    const [many, few, rounds] = run.size === 'quick' ? [2_000, 200, 1] : [100_000, 1_000, 15]
    const large = await Mirrored.start(`${folder}/large`, many)
    const small = await Mirrored.start(`${folder}/small`, few)
    run.say('baseline')
    const stream = await streamed(large, many)
    await large.round()
    await small.round()
    const idle = await idleRounds(large, run)
    run.say('rounds')
    const { ours, baseline, figure } = await alternate(
      rounds,
      async () => {
        await large.publish()
        await small.publish()
        await setTimeout(noticeMs)
        return timed(() => large.round())
      },
      () => timed(() => small.round())
    )
    await large.stop()
    await small.stop()
    const what = `delta of ${changed} changes among ${many.toLocaleString('en')} endpoints against ${few.toLocaleString('en')}`
    const row: Row = { what, ours: milliseconds(ours), baseline: milliseconds(baseline), figure, goal: { atMost: 1.5 } }
    return [row, idle, stream]
  })

interface Page {
  readonly page: { readonly next: string | null; readonly cursor: string | null }
}

/** A service, a process that publishes into its store, and a client of its delta. */
class Mirrored {
  readonly service: Service
  readonly #store: Store
  readonly #filling: Filling
  readonly #editions: SyntheticCatalogue
  #cursor: string | undefined

  private constructor(service: Service, store: Store, filling: Filling, editions: SyntheticCatalogue) {
    this.service = service
    this.#store = store
    this.#filling = filling
    this.#editions = editions
  }

  static async start(folder: string, endpoints: number): Promise<Mirrored> {
    const store = await openStore(sqliteUrl(folder))
    const filling = new Filling(store)
    const editions = new SyntheticCatalogue({ id, endpoints, changed })
    await filling.add(editions.next())
    return new Mirrored(await startService(sqliteUrl(folder)), store, filling, editions)
  }

  publish(): Promise<void> {
    return this.#filling.add(this.#editions.next())
  }

  get url(): string {
    const cursor = this.#cursor === undefined ? '' : `&cursor=${this.#cursor}`
    return `${this.service.url}/v1/delta?limit=1000${cursor}`
  }

  async round(): Promise<void> {
    let url: string | null = this.url
    while (url !== null) {
      const { status, body } = await ask(url)
      if (status !== 200) throw new Error(`${url} answered ${status}`)
      const { page }: Page = JSON.parse(body.toString('utf8'))
      this.#cursor = page.cursor ?? this.#cursor
      url = page.next
    }
  }

  async stop(): Promise<void> {
    await this.service.stop()
    await this.#store.close()
  }
}

/** A round without changes against a view that has not changed: both are answered with 304. */
async function idleRounds(mirrored: Mirrored, { size, say }: Run): Promise<Row> {
  say('idle rounds')
  const sample = async (url: string) => {
    const { headers } = await ask(url)
    const condition = { 'if-none-match': String(headers.etag) }
    return async () => {
      const count = size === 'quick' ? 5 : 200
      const total = await timed(async () => {
        for (let each = 0; each < count; each += 1) {
          const { status } = await ask(url, condition)
          if (status !== 304) throw new Error(`${url} answered ${status}`)
        }
      })
      return total / count
    }
  }
  const view = `${mirrored.service.url}/v1/catalogues/${id}?requirement=requirement-0`
  const { ours, baseline, figure } = await alternate(
    size === 'quick' ? 1 : 9,
    await sample(mirrored.url),
    await sample(view)
  )
  const what = 'idle round against 304 of a view'
  return { what, ours: milliseconds(ours), baseline: milliseconds(baseline), figure, goal: { atMost: 1.5 } }
}

/** How much memory the service needs for a baseline as NDJSON, beyond what it has when idle. */
async function streamed({ service }: Mirrored, endpoints: number): Promise<Row> {
  const idle = service.residentBytes()
  let peak = idle
  const watch = setInterval(() => {
    peak = Math.max(peak, service.residentBytes())
  }, 20)
  const answer = await fetch(`${service.url}/v1/delta`, { headers: { accept: 'application/x-ndjson' } })
  let bytes = 0
  for await (const chunk of answer.body ?? []) bytes += chunk.byteLength
  clearInterval(watch)
  return {
    what: `memory above idle while a baseline of ${endpoints.toLocaleString('en')} endpoints streams, ${megabytes(bytes)}`,
    ours: megabytes(peak),
    baseline: megabytes(idle),
    figure: { value: (peak - idle) / 1_000_000, unit: 'MB' },
    goal: { atMost: 100 }
  }
}
