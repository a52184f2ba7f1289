import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { Cache } from './catalogue/cache.ts'
import type { Catalogues } from './catalogue/catalogues.ts'
import { Drafting } from './catalogue/drafting.ts'
import { Heads } from './catalogue/heads.ts'
import { Keys } from './catalogue/keys.ts'
import { LogCounters } from './catalogue/log-counters.ts'
import type { Config } from './config.ts'
import type { Instant } from './domain/time/instant.ts'
import { openStore } from './store/open.ts'

export interface OpenCatalogues {
  readonly catalogues: Catalogues & { readonly heads: Heads }
  /** Empty until it is refreshed. */
  readonly keys: Keys
  readonly close: () => Promise<void>
}

/**
 * Opens the configured store with all that the use cases need. Heads and keys are not loaded yet: the service does it while it already
 * answers that it is not ready.
 * @throws PortolanError `not_ready` where the store cannot be reached.
 */
export async function openCatalogues(
  {
    databaseUrl,
    cacheMegabytes,
    noticeDays,
    upcomingDays
  }: Pick<Config, 'databaseUrl' | 'cacheMegabytes' | 'noticeDays' | 'upcomingDays'>,
  { now, log }: { readonly now: () => Instant; readonly log?: Pick<Logger, 'error'> }
): Promise<OpenCatalogues> {
  const store = await openStore(databaseUrl)
  const heads = new Heads(store, (err) => log?.error({ err }, 'the store could not be watched'))
  const drafting = new Drafting()
  return {
    catalogues: {
      store,
      heads,
      cache: new Cache(cacheMegabytes),
      drafting,
      logCounters: new LogCounters(),
      noticeDays,
      upcomingDays,
      now,
      random: (count) => randomBytes(count)
    },
    keys: new Keys(store, now),
    async close() {
      heads.close()
      await drafting.close()
      await store.close()
    }
  }
}
