import type { Catalogues } from '../src/catalogue/catalogues.ts'
import { type GuardRail, guardRails } from '../src/domain/history/revision.ts'
import type { OpenCatalogues } from '../src/open-catalogues.ts'
import { openCatalogues, publishDocument } from './built.ts'

/** Lends `Catalogues` on a store, with the heads loaded. With `cacheMegabytes: 0` nothing is kept and every read is cold. */
export async function withCatalogues<T>(
  databaseUrl: string,
  cacheMegabytes: number,
  use: (catalogues: OpenCatalogues['catalogues']) => Promise<T>
): Promise<T> {
  const open = await openCatalogues(
    { databaseUrl, migrates: true, cacheMegabytes, noticeDays: 0, upcomingDays: [] },
    { now: () => Date.now() }
  )
  try {
    await open.catalogues.heads.refresh()
    return await use(open.catalogues)
  } finally {
    await open.close()
  }
}

/** All guard rails: nobody relies on a made-up history. */
export const overrides: readonly GuardRail[] = guardRails

/** Publishes a document, whatever the head is, and overrides the guard rails. @returns the number of the revision */
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
