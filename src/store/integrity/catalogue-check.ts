import { eq } from 'drizzle-orm'
import { chainLink, documentDigest } from '../../domain/history/digest.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { toRows } from '../../domain/history/rows.ts'
import { equalJson } from '../../domain/json/equal-json.ts'
import { transitionsOf } from '../../domain/view/lifetime.ts'
import type { Reads } from '../engine/engine.ts'
import { toRevision } from '../history/revision.ts'
import { toEvent } from '../log/event-row.ts'
import type { StoredRevision } from '../store.ts'
import { damage } from './damage.ts'
import type { LoggedSubject } from './log-check.ts'
import { type CatalogueRow, type ReplayedRevision, replay } from './replay.ts'
import { strictRows } from './strict-rows.ts'

export interface CheckedHistory {
  readonly revisions: number
  readonly requirements: number
  readonly endpoints: number
}

/**
 * Checks a catalogue: the digest of each document, as its rows make it; the chain of its revisions; the events that published them; and that
 * the row of the catalogue is that of its newest revision. `logged`: what the log has of it.
 * @throws PortolanError `store_damaged`
 */
export async function checkCatalogue(
  reads: Reads,
  catalogue: CatalogueRow,
  logged: LoggedSubject | undefined
): Promise<CheckedHistory> {
  const { slug, head, seq } = catalogue
  const counted = { requirements: 0, endpoints: 0 }
  let chain: string | undefined
  let newest: ReplayedRevision | undefined
  for await (const replayed of replay(reads, catalogue)) {
    const revision = toRevision(slug, replayed.row)
    checkRevision(revision, replayed, chain)
    await checkPublishEvent(reads, catalogue, revision)
    chain = revision.chain
    newest = replayed
    counted.requirements += replayed.added.requirements
    counted.endpoints += replayed.added.endpoints
  }
  if (newest) checkHeadRow(catalogue, newest)
  if (seq !== (logged?.lastSeq ?? 0))
    throw damage(`The newest event of ${slug} is ${logged?.lastSeq ?? 0}, and its row says ${seq}.`)
  const published = logged?.published ?? 0
  if (published !== head) throw damage(`${slug} has ${head} revisions, and the log has ${published} events of them.`)
  return { revisions: head, ...counted }
}

function checkRevision(revision: StoredRevision, { document }: ReplayedRevision, previous: string | undefined): void {
  const where = `Revision ${revision.number} of ${revision.catalogue}`
  const digest = documentDigest(document)
  if (digest !== revision.digest)
    throw damage(`${where} has the digest ${revision.digest}, and its document has ${digest}.`)
  if (document.id !== revision.catalogue) throw damage(`${where} has a document of ${document.id}.`)
  const { seq: _, chain, counts: __, transitions, ...facts } = revision
  if (chainLink(previous, facts) !== chain)
    throw damage(`${where} does not follow its predecessor: its link in the chain of revisions is another one.`)
  if (!equalJson(transitions, transitionsOf(toRows(document))))
    throw damage(`${where} does not have the transitions of its document.`)
}

/** The event that published a revision says the same of it. */
async function checkPublishEvent(reads: Reads, { id, slug }: CatalogueRow, revision: StoredRevision): Promise<void> {
  const { events } = reads.tables
  const { number, label, digest, counts, recordedAt, publishedAt } = revision
  const [row] = await strictRows(reads, events, { where: eq(events.seq, revision.seq) })
  const event = row?.catalogue === id ? toEvent({ catalogue: slug, site: null }, row) : undefined
  const isIts =
    event !== undefined &&
    event.type === publishType(revision) &&
    event.occurredAt === recordedAt &&
    event.effectiveAt === publishedAt &&
    equalJson(event.revision, { number, label, digest }) &&
    equalJson(event.counts, counts)
  if (!isIts) throw damage(`Event ${revision.seq} is not that of revision ${number} of ${slug}.`)
}

function publishType({ number }: Pick<Revision, 'number'>): string {
  return number === 1 ? 'catalogue.created' : 'catalogue.revision_published'
}

function checkHeadRow({ slug, head, ...row }: CatalogueRow, { document }: ReplayedRevision): void {
  for (const name of ['title', 'vendor', 'product', 'version'] as const)
    if (row[name] !== document[name])
      throw damage(`The ${name} of ${slug} is ${row[name]}, and revision ${head} says ${document[name]}.`)
}
