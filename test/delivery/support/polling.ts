import { pino } from 'pino'
import type { ConfiguredFeed } from '../../../src/catalogue/polling/feed-folder.ts'
import { feedStatus } from '../../../src/catalogue/polling/polled-feeds.ts'
import { takeIn } from '../../../src/catalogue/polling/take-in.ts'
import { loadDocument } from '../../../src/catalogue/read/document.ts'
import { Egress } from '../../../src/delivery/egress.ts'
import { Fetcher } from '../../../src/delivery/fetch.ts'
import { Poller, type PollerOptions } from '../../../src/delivery/poller.ts'
import type { Document } from '../../../src/domain/document/document.ts'
import { minuteMs } from '../../../src/domain/time/duration.ts'
import { formatInstant } from '../../../src/domain/time/instant.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import { type Answer, list, type Provider, startProvider } from './provider.ts'

export const id = 'feed.example-mirrors'
const everyMs = 15 * minuteMs
export const egress = new Egress({
  policy: { allow: ['127.0.0.0/8'], allowsHttp: true },
  lookup: async () => ['127.0.0.1'],
  connectMs: 10_000
})

type Test = Parameters<typeof startApp>[0]

interface Polling {
  readonly app: TestApp
  readonly provider: Provider
  readonly feed: ConfiguredFeed
  readonly poller: Poller
  /** Time passes until the feed is due, and then it is fetched. */
  nextFetch(): Promise<void>
  status(): ReturnType<typeof feedStatus>
  /** The head of the catalogue. */
  document(): Promise<Document | undefined>
  /** The values of the head with their ends. */
  values(): Promise<Readonly<Record<string, string | undefined>>>
  revisions(): number
}

export function addresses(count: number, from = 1): string {
  return Array.from({ length: count }, (_, index) => `20.50.1.${from + index}\n`).join('')
}

/** `through`: what asks in place of a fetcher with the usual deadline. */
export function pollerOf(
  t: Test,
  { catalogues }: TestApp,
  feed: ConfiguredFeed,
  through = (usual: Fetcher) => usual,
  takeList?: PollerOptions['takeIn']
): Poller {
  const fetcher = new Fetcher({ egress, userAgent: 'Portolan/test', now: catalogues.now })
  const poller = new Poller({
    catalogues,
    feeds: [feed],
    fetch: (url, validators) => through(fetcher).fetch(url, validators),
    takeIn: takeList ?? ((list) => takeIn(catalogues, list)),
    onClose: () => fetcher.close(),
    log: pino({ level: 'silent' })
  })
  t.teardown(() => poller.close())
  return poller
}

interface PollingOptions extends Partial<ConfiguredFeed> {
  /** Of the list on the server of the provider. */
  readonly path?: string
  /** What is answered first. */
  readonly answer?: Answer
  /** The service that has the feed. Default: one of its own. */
  readonly app?: TestApp
}

/** A feed of 20 addresses on a server of this machine, which is polled by hand on the clock of the test. */
export async function startPolling(
  t: Test,
  { path = '/list?key=secret', answer = list(addresses(20), '"1"'), app: given, ...options }: PollingOptions = {}
): Promise<Polling> {
  const app = given ?? (await startApp(t, { isSeeded: false }))
  const provider = await startProvider(t, answer)
  const url = `${provider.origin}${path}`
  const base = { id, adapter: 'text', url, every: 'PT15M', everyMs, lingerMs: 0, settleMs: 0 } as const
  const feed: ConfiguredFeed = { ...base, ...options }
  const poller = pollerOf(t, app, feed)
  const status = () => feedStatus(app.catalogues, [feed], id)
  const document = async () => {
    const head = app.catalogues.heads.get(id)
    return head && (await loadDocument(app.catalogues, head.revision))
  }
  return {
    app,
    provider,
    feed,
    poller,
    status,
    document,
    async nextFetch() {
      const { record } = await status()
      await app.timePasses(formatInstant(Math.max(app.clock.now, record.next)))
      await poller.look()
    },
    async values() {
      const { requirements = [] } = (await document()) ?? {}
      const endpoints = requirements.flatMap(({ endpoints }) => endpoints)
      return Object.fromEntries(endpoints.map((each) => [each.kind === 'any' ? 'any' : each.value, each.until]))
    },
    revisions: () => app.catalogues.heads.get(id)?.revision.number ?? 0
  }
}
