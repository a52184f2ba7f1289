import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { pino } from 'pino'
import { makeCatalogues } from '../src/catalogue/catalogues.ts'
import type { ConfiguredFeed } from '../src/catalogue/polling/feed-folder.ts'
import { takeIn } from '../src/catalogue/polling/take-in.ts'
import { Egress } from '../src/delivery/egress.ts'
import { Fetcher } from '../src/delivery/fetch.ts'
import { Poller } from '../src/delivery/poller.ts'
import { openStore } from '../src/store/open.ts'
import { alternate } from './alternate.ts'
import { sqliteUrl } from './catalogues.ts'
import { megabytes, milliseconds } from './figures.ts'
import { readWriteAndHash } from './publish.ts'
import type { Benchmark, Row } from './row.ts'
import { withFolder } from './temporary-folder.ts'

const everyMs = 60_000
/** 5 % of a core: so many seconds of its time in a minute. */
const goal = { atMost: 3 }

/**
 * A minute of feeds of the size of AWS's list, each polled once: the time of the processor of the poller, its store and the server of the provider
 * together, against as many bare conditional requests to the same server.
 */
export const polling: Benchmark = ({ size, say }) =>
  withFolder(async (folder) => {
    const [feedCount, rowCount, pairs] = size === 'quick' ? [3, 300, 1] : [30, 16_828, 7]
    const provider = await startProvider(rowCount)
    const store = await openStore(sqliteUrl(folder))
    let now = Date.now()
    const onError = (error: unknown) => {
      throw error
    }
    const catalogues = makeCatalogues(store, { now: () => now, random: randomBytes, onError })
    await catalogues.heads.refresh()
    const policy = { allow: ['127.0.0.0/8'], allowsHttp: true }
    const egress = new Egress({ policy, lookup: async () => ['127.0.0.1'], connectMs: 5000 })
    const fetcher = new Fetcher({ egress, userAgent: 'Portolan/bench', now: () => now })
    const feeds = Array.from({ length: feedCount }, (_, index): ConfiguredFeed => {
      const url = `${provider.origin}/${index}.json`
      return { id: `feed.${index}`, adapter: 'aws', url, every: 'PT1M', everyMs, lingerMs: 0, settleMs: 0 }
    })
    const poller = new Poller({
      catalogues,
      feeds,
      fetch: (url, validators) => fetcher.fetch(url, validators),
      takeIn: (list) => takeIn(catalogues, list),
      onClose: () => fetcher.close(),
      log: pino({ level: 'silent' })
    })
    const pollAll = async () => {
      now += 2 * everyMs
      await poller.look()
    }
    const bareRequests = async () => {
      for (const { url = '' } of feeds) await fetcher.fetch(url, { etag: provider.etag })
    }
    say(`${feedCount} first publishes`)
    await pollAll()
    const { seq } = catalogues.heads
    const [asked, polls] = [provider.asked, pairs > 1 ? pairs + 1 : pairs]
    say('polls that find nothing')
    const nothing = await alternate(
      pairs,
      () => processorMs(pollAll),
      () => processorMs(bareRequests)
    )
    if (provider.asked - asked !== polls * 2 * feedCount)
      throw new Error('a poll that finds nothing asks more than once')
    say('polls of lists whose ETags move')
    const moving = await alternate(
      pairs,
      () => {
        provider.moveEtag()
        return processorMs(pollAll)
      },
      () => processorMs(bareRequests)
    )
    if (catalogues.heads.seq !== seq) throw new Error('a poll that finds nothing makes an event')
    say('polls of one list that changes')
    let list = provider.list
    const changing = await alternate(
      pairs,
      () => {
        list = provider.change()
        now += 2 * everyMs
        return processorMs(() => poller.fetchNow(feeds[0] ?? onError(new Error('there is no feed'))))
      },
      () => processorMs(async () => readWriteAndHash(list))
    )
    if (catalogues.heads.seq === seq) throw new Error('a list that changes is not published')
    await poller.close()
    await store.close()
    await provider.close()
    const what = `a minute of ${feedCount} feeds of ${rowCount.toLocaleString('en')} rows (${megabytes(list.byteLength)} each)`
    const rowsOf = (name: string, { ours, baseline, figure }: typeof nothing): readonly Row[] => [
      {
        what: `${what}, ${name}: time of the processor`,
        ours: milliseconds(ours),
        figure: { value: ours / 1000, unit: 's' },
        goal
      },
      {
        what: `the same against ${feedCount} bare conditional requests`,
        ours: milliseconds(ours),
        baseline: milliseconds(baseline),
        figure
      }
    ]
    return [
      ...rowsOf('nothing new', nothing),
      ...rowsOf('ETags that move alone', moving),
      {
        what: 'one poll that publishes 24 changed rows, against reading, writing and hashing the list',
        ours: milliseconds(changing.ours),
        baseline: milliseconds(changing.baseline),
        figure: changing.figure
      }
    ]
  })

/** The time of the processor that something takes, in milliseconds. */
async function processorMs(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await run()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

/** A provider that publishes one list at every path, in as many groups as AWS has for so many rows. */
async function startProvider(rows: number) {
  let [moved, token, asked] = [0, 1_790_000_000, 0]
  let list = listOf(rows, token)
  const etagOf = () => `"${createHash('sha256').update(list).digest('hex').slice(0, 16)}-${moved}"`
  let etag = etagOf()
  const server = createServer((request, response) => {
    asked += 1
    if (request.headers['if-none-match'] === etag) response.writeHead(304, { etag }).end()
    else response.writeHead(200, { etag, 'content-type': 'application/json' }).end(list)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  return {
    origin: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    get etag() {
      return etag
    },
    get asked() {
      return asked
    },
    get list() {
      return list
    },
    moveEtag() {
      moved += 1
      etag = etagOf()
    },
    change(): Buffer {
      token += 1
      list = listOf(rows, token)
      etag = etagOf()
      return list
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    }
  }
}

/** 24 rows depend on the token. */
function listOf(rows: number, token: number): Buffer {
  const prefixes = Array.from({ length: rows }, (_, index) => {
    const place = index < 24 ? 200_000 + 24 * (token % 1000) + index : index
    const region = `region-${index % 28}`
    return {
      ip_prefix: `${3 + (place >> 16)}.${(place >> 8) & 255}.${place & 255}.0/24`,
      region,
      service: `SERVICE_${index % 25}`,
      network_border_group: region
    }
  })
  return Buffer.from(
    JSON.stringify(
      { syncToken: String(token), createDate: '2026-11-24-12-00-00', prefixes, ipv6_prefixes: [] },
      undefined,
      2
    )
  )
}
