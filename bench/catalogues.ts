import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { type GuardRail, guardRails } from '../src/domain/history/revision.ts'
import type { OpenCatalogues } from '../src/open-catalogues.ts'
import { openCatalogues, publishDocument } from './built.ts'

/** What the use cases work with, on a store, with the heads loaded. `cacheMegabytes: 0`: nothing is kept, every read is cold. */
export async function withCatalogues<T>(
  databaseUrl: string,
  cacheMegabytes: number,
  use: (catalogues: OpenCatalogues['catalogues']) => Promise<T>
): Promise<T> {
  const open = await openCatalogues(
    { databaseUrl, cacheMegabytes, noticeDays: 0, upcomingDays: [] },
    { now: () => Date.now() }
  )
  try {
    await open.catalogues.heads.refresh()
    return await use(open.catalogues)
  } finally {
    await open.close()
  }
}

/** Made-up history keeps no promise to anybody. */
export const overrides: readonly GuardRail[] = guardRails

/** Publishes a document whatever the head is and the guard rails say. @returns the number of the revision. */
export async function publishAnyway(catalogues: Catalogues, catalogue: string, bytes: Uint8Array): Promise<number> {
  const { kind, revision } = await publishDocument(catalogues, {
    catalogue,
    manuscript: { bytes, notation: 'json', id: catalogue },
    precondition: { kind: 'any' },
    overrides,
    reason: 'benchmark',
    isDryRun: false
  })
  if (kind !== 'published') throw new Error(`${catalogue} was not published: ${kind}`)
  return revision.number
}

export function sqliteUrl(folder: string): string {
  return `sqlite:${folder}/portolan.db`
}
