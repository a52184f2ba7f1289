import { asc } from 'drizzle-orm'
import type { Engine } from '../engine/engine.ts'
import { untold, type WorkProgress } from '../progress.ts'
import { type CheckedHistory, checkCatalogue } from './catalogue-check.ts'
import { damage } from './damage.ts'
import { checkFeeds } from './feed-check.ts'
import { checkLog } from './log-check.ts'
import { checkSigningKeys } from './signing-key-check.ts'
import { checkSite } from './site-check.ts'
import { checkStrays } from './stray-check.ts'
import { strictRows } from './strict-rows.ts'

/** What was verified, with counts over all of history. */
export interface Verified extends CheckedHistory {
  readonly catalogues: number
  readonly sites: number
  readonly events: number
  /** Undefined: they are sealed with a key that was not given. */
  readonly signingKeys: number | undefined
  readonly epoch: string
}

/**
 * Verifies history, log, feeds and signing keys of a store, as it is at one moment: the service may go on meanwhile. One catalogue is in memory at
 * a time.
 * @throws PortolanError `store_damaged` with the first thing that is not as it was written; `wrong_secret_key`
 */
export async function verify(engine: Engine, progress: WorkProgress = untold): Promise<Verified> {
  progress('verifying the file')
  const fault = await engine.fileFault()
  if (fault !== undefined) throw damage(`The database finds its file damaged: ${fault}.`)
  return engine.atOneMoment(async (reads) => {
    const { catalogues, sites } = reads.tables
    const rows = await strictRows(reads, catalogues, { order: [asc(catalogues.id)] })
    const siteRows = await strictRows(reads, sites, { order: [asc(sites.id)] })
    const log = await checkLog(reads, { catalogues: slugsOf(rows), sites: slugsOf(siteRows) }, progress)
    await checkStrays(reads)
    const counted = { revisions: 0, requirements: 0, endpoints: 0 }
    for (const [index, row] of rows.entries()) {
      progress('verifying catalogues', index, rows.length)
      const checked = await checkCatalogue(reads, row, log.catalogues.get(row.id))
      counted.revisions += checked.revisions
      counted.requirements += checked.requirements
      counted.endpoints += checked.endpoints
    }
    for (const row of siteRows) await checkSite(reads, row, log.sites.get(row.id))
    await checkFeeds(reads, new Map(rows.map(({ slug, head }) => [slug, head])))
    const signingKeys = await checkSigningKeys(reads, engine.secrets)
    return {
      catalogues: rows.length,
      sites: siteRows.length,
      ...counted,
      events: log.seq,
      signingKeys,
      epoch: log.epoch
    }
  })
}

function slugsOf(rows: readonly { readonly id: number; readonly slug: string }[]): ReadonlyMap<number, string> {
  return new Map(rows.map(({ id, slug }) => [id, slug]))
}
