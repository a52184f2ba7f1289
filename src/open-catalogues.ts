import { randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { makeCatalogues, type OwnedCatalogues } from './catalogue/catalogues.ts'
import { ClockDrift } from './catalogue/clock-drift.ts'
import { Keys } from './catalogue/keys.ts'
import { Outage } from './catalogue/outage.ts'
import type { Config } from './config/config.ts'
import type { Instant } from './domain/time/instant.ts'
import { openStore } from './store/open.ts'

export interface OpenCatalogues {
  readonly catalogues: OwnedCatalogues
  /** Empty until it is refreshed. */
  readonly keys: Keys
  readonly close: () => Promise<void>
}

/**
 * Opens the configured store with all that the use cases need. Heads and keys are not loaded yet: the service loads them while it already
 * answers that it is not ready.
 * @throws PortolanError `not_ready` where the store cannot be reached, `wrong_schema`, `wrong_secret_key`
 */
export async function openCatalogues(
  {
    databaseUrl,
    secretKeys,
    migrates,
    cacheMegabytes,
    noticeDays,
    upcomingDays
  }: Pick<Config, 'databaseUrl' | 'secretKeys' | 'migrates' | 'cacheMegabytes' | 'noticeDays' | 'upcomingDays'>,
  { now, log }: { readonly now: () => Instant; readonly log?: Pick<Logger, 'error' | 'warn' | 'info'> }
): Promise<OpenCatalogues> {
  const store = await openStore(databaseUrl, secretKeys, migrates ? 'run' : 'refuse')
  const outage = new Outage(log, now)
  const drift = new ClockDrift(log)
  const catalogues = makeCatalogues(store, {
    now,
    random: randomBytes,
    cacheMegabytes,
    noticeDays,
    upcomingDays,
    onError: (error) => outage.failed(error),
    onConfirmed(freshness) {
      outage.ended()
      drift.look(freshness)
    }
  })
  return { catalogues, keys: new Keys(store, now), close: catalogues.close }
}
