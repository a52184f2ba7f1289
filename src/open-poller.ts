import type { Logger } from 'pino'
import type { Catalogues } from './catalogue/catalogues.ts'
import type { ConfiguredFeed } from './catalogue/polling/feed-folder.ts'
import { takeIn } from './catalogue/polling/take-in.ts'
import type { Config } from './config/config.ts'
import { Fetcher } from './delivery/fetch.ts'
import { readMirror } from './delivery/file-mirror.ts'
import { Poller } from './delivery/poller.ts'
import { openEgress, type ServicePlace } from './open-deliveries.ts'
import { packageVersion } from './package-version.ts'
import type { ThreadJobs } from './thread.ts'
import { evaluateExpression } from './work/expression.ts'
import type { Work } from './work/work.ts'

interface PollerContext {
  readonly config: Pick<Config, 'egress'>
  readonly catalogues: Catalogues
  readonly feeds: readonly ConfiguredFeed[]
  readonly place: () => ServicePlace
  /** Where lists are read and published. Absent: on the loop. */
  readonly work?: Work<ThreadJobs> | undefined
  readonly log: Logger
}

/** How long it may take to read and publish a list, in milliseconds. */
const deadlineMs = 120_000

/** Feeds over the network, as they are configured. Nothing is fetched before it is started or asked. */
export function openPoller({ config, catalogues, feeds, place, work, log }: PollerContext): Poller {
  const fetcher = new Fetcher({
    egress: openEgress(config, place),
    userAgent: `Portolan/${packageVersion()}`,
    now: catalogues.now
  })
  return new Poller({
    catalogues,
    feeds,
    fetch: (url, validators) => (/^file:/i.test(url) ? readMirror(url, validators) : fetcher.fetch(url, validators)),
    async takeIn(list, signal) {
      if (!work) return takeIn(catalogues, list, evaluateExpression)
      const { logged, ...taken } = await work.run('takeIn', list, { deadlineMs, signal })
      catalogues.logCounters.add(logged)
      return taken
    },
    onClose: () => fetcher.close(),
    log
  })
}
