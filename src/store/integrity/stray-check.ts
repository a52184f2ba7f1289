import { and, eq, getTableName, lte, notExists } from 'drizzle-orm'
import type { Reads } from '../engine/engine.ts'
import { damage } from './damage.ts'

/**
 * Checks that no row is outside of history: each is of a revision that there is, and each revision is within its catalogue.
 * @throws PortolanError `store_damaged`
 */
export async function checkStrays(reads: Reads): Promise<void> {
  const { query, read, tables } = reads
  const { catalogues, revisions, profiles, orders, requirements, endpoints } = tables
  for (const table of [profiles, orders, requirements, endpoints] as const) {
    const { catalogue, since } = table
    const its = query
      .select({ number: revisions.number })
      .from(revisions)
      .where(and(eq(revisions.catalogue, catalogue), eq(revisions.number, since)))
    const [stray] = await read(query.select({ catalogue, since }).from(table).where(notExists(its)).limit(1))
    if (stray)
      throw damage(
        `A row of ${getTableName(table)} is of revision ${stray.since} of catalogue number ${stray.catalogue}, which is not there.`
      )
  }
  await checkSiteStrays(reads)
  const { catalogue, number } = revisions
  const within = query
    .select({ id: catalogues.id })
    .from(catalogues)
    .where(and(eq(catalogues.id, catalogue), lte(number, catalogues.head)))
  const [stray] = await read(query.select({ catalogue, number }).from(revisions).where(notExists(within)).limit(1))
  if (stray) throw damage(`Revision ${stray.number} of catalogue number ${stray.catalogue} is not in its catalogue.`)
}

async function checkSiteStrays({ query, read, tables: { sites, siteRevisions } }: Reads): Promise<void> {
  const { site, number } = siteRevisions
  const its = query.select({ id: sites.id }).from(sites).where(eq(sites.id, site))
  const [stray] = await read(query.select({ site, number }).from(siteRevisions).where(notExists(its)).limit(1))
  if (stray) throw damage(`Revision ${stray.number} of site number ${stray.site} is of no site.`)
}
