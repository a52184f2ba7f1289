import { asc, eq } from 'drizzle-orm'
import { equalJson } from '../../domain/json/equal-json.ts'
import { siteChainLink, siteDigest, siteTransitions } from '../../domain/site/site-revision.ts'
import type { Reads } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import { toEvent } from '../log/event-row.ts'
import { type SiteRevisionColumns, toSiteDocument, toSiteRevision } from '../site/site-row.ts'
import { damage } from './damage.ts'
import type { LoggedSubject } from './log-check.ts'
import { strictRows } from './strict-rows.ts'

type SiteRow = Tables['sites']['$inferSelect']

/**
 * Checks a site: the digest of each document, the chain of its revisions, the events that published them, and that the row of the site is
 * that of its newest revision. `logged`: what the log has of it.
 * @throws PortolanError `store_damaged`
 */
export async function checkSite(reads: Reads, site: SiteRow, logged: LoggedSubject | undefined): Promise<void> {
  const { siteRevisions } = reads.tables
  const { slug, head, seq } = site
  const rows = await strictRows(reads, siteRevisions, {
    where: eq(siteRevisions.site, site.id),
    order: [asc(siteRevisions.number)]
  })
  const taken = new Set<string>()
  let chain: string | undefined
  for (const [index, row] of rows.entries()) {
    if (row.number !== index + 1) throw damage(`Revision ${index + 1} of the site ${slug} is missing.`)
    checkRevision(slug, row, chain)
    await checkPublishEvent(reads, site, row)
    for (const { id } of toSiteDocument(row).catalogues) taken.add(id)
    chain = toSiteRevision(slug, row).chain
  }
  if (rows.length !== head) throw damage(`The site ${slug} has ${rows.length} revisions, and its row says ${head}.`)
  const newest = rows.at(-1)
  if (newest && toSiteDocument(newest).title !== site.title)
    throw damage(`The title of the site ${slug} is ${site.title}, and revision ${head} says another one.`)
  if (!equalJson(site.catalogues, [...taken].sort()))
    throw damage(`The site ${slug} does not name the catalogues that its revisions take.`)
  if (seq !== (logged?.lastSeq ?? 0))
    throw damage(`The newest event of the site ${slug} is ${logged?.lastSeq ?? 0}, and its row says ${seq}.`)
  const published = logged?.published ?? 0
  if (published !== head)
    throw damage(`The site ${slug} has ${head} revisions, and the log has ${published} events of them.`)
}

function checkRevision(slug: string, row: SiteRevisionColumns, previous: string | undefined): void {
  const where = `Revision ${row.number} of the site ${slug}`
  const document = toSiteDocument(row)
  const { seq: _, chain, counts: __, transitions, ...facts } = toSiteRevision(slug, row)
  const digest = siteDigest(document)
  if (digest !== facts.digest) throw damage(`${where} has the digest ${facts.digest}, and its document has ${digest}.`)
  if (document.id !== slug) throw damage(`${where} has a document of ${document.id}.`)
  if (siteChainLink(previous, facts) !== chain)
    throw damage(`${where} does not follow its predecessor: its link in the chain of revisions is another one.`)
  if (!equalJson(transitions, siteTransitions(document)))
    throw damage(`${where} does not have the transitions of its document.`)
}

/** The event that published a revision says the same of it. */
async function checkPublishEvent(reads: Reads, { id, slug }: SiteRow, row: SiteRevisionColumns): Promise<void> {
  const { events } = reads.tables
  const { number, digest, counts, recordedAt, publishedAt, seq } = toSiteRevision(slug, row)
  const [found] = await strictRows(reads, events, { where: eq(events.seq, seq) })
  const event = found?.site === id ? toEvent({ catalogue: null, site: slug }, found) : undefined
  const isIts =
    event !== undefined &&
    event.type === 'site.revision_published' &&
    event.occurredAt === recordedAt &&
    event.effectiveAt === publishedAt &&
    equalJson(event.revision, { number, digest }) &&
    equalJson(event.counts, counts)
  if (!isIts) throw damage(`Event ${seq} is not that of revision ${number} of the site ${slug}.`)
}
