import { and, eq, sql } from 'drizzle-orm'
import type { NewSiteEvent } from '../../domain/event/event.ts'
import type { CommitOutcome } from '../commit-outcome.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import { appendEvent, findLoggedOnce, findSeqs, lastSeq, newVersion } from '../log/log.ts'
import { rowForm } from '../packed/row-form.ts'
import type { SitePublication, SiteTransitionCommit } from '../site-store.ts'
import { siteIdOf } from './site-row.ts'

/** The state of a site that a write was decided on, and that it must still find. Without revisions, head and seq are 0. */
interface SitePlace {
  readonly head: number
  readonly seq: number
  readonly catalogues: readonly string[]
}

const nowhere: SitePlace = { head: 0, seq: 0, catalogues: [] }

async function placeOf({ query, read, tables: { sites } }: Engine, slug: string): Promise<SitePlace> {
  const { head, seq, catalogues } = sites
  const [row] = await read(query.select({ head, seq, catalogues }).from(sites).where(eq(sites.slug, slug)))
  return row ?? nowhere
}

export async function commitSite(engine: Engine, publication: SitePublication): Promise<CommitOutcome> {
  const { revision, events, knownSeq } = publication
  const { site, number } = revision
  const place = await placeOf(engine, site)
  if (place.head >= number || (knownSeq !== undefined && knownSeq !== place.seq)) return { kind: 'conflict' }
  if (place.head < number - 1) throw new Error(`revision ${number} of the site ${site} does not follow ${place.head}`)
  const isPacked = await isStorePacked(engine)
  return commitOn(engine, site, place, events, publicationStatements(engine, place, publication, isPacked))
}

export async function commitSiteTransitions(
  engine: Engine,
  { site, number, knownSeq, events }: SiteTransitionCommit
): Promise<CommitOutcome> {
  const place = await placeOf(engine, site)
  if (place.head !== number || place.seq !== knownSeq) return { kind: 'conflict' }
  const isPacked = await isStorePacked(engine)
  return commitOn(engine, site, place, events, [
    newVersion(engine),
    ...appended(engine, site, events, isPacked),
    moveOn(engine, site, place)
  ])
}

async function isStorePacked({ query, read, tables: { log } }: Engine): Promise<boolean> {
  const [row] = await read(query.select({ isPacked: log.isPacked }).from(log))
  return row?.isPacked === true
}

function publicationStatements(
  engine: Engine,
  place: SitePlace,
  { revision, document, events }: SitePublication,
  isPacked: boolean
): readonly Statement[] {
  const { query, tables } = engine
  const { sites, siteRevisions } = tables
  const { site: slug, number, counts, author, authorKey, reason, digest, chain, ...facts } = revision
  const { title } = document
  const taken = document.catalogues.map(({ id }) => id)
  const catalogues = [...new Set([...place.catalogues, ...taken])].sort()
  const form = rowForm(isPacked)
  const newId = sql<number>`(select coalesce(max(s.id), 0) + 1 from ${sites} s)`
  const row = {
    ...facts,
    ...counts,
    site: siteIdOf(tables, slug),
    number,
    author: author ?? null,
    authorKey: authorKey ?? null,
    reason: reason ?? null,
    digest: form.digest(digest),
    chain: form.digest(chain),
    document: form.json(document),
    seq: lastSeq(tables)
  }
  const first = query.insert(sites).values({ id: newId, slug, head: 0, seq: 0, title, catalogues })
  return [
    newVersion(engine),
    ...(place.head === 0 ? [{ query: first, rows: 1 }] : []),
    ...appended(engine, slug, events, isPacked),
    { query: query.insert(siteRevisions).values(row), rows: 1 },
    moveOn(engine, slug, place, { title, catalogues, head: number })
  ]
}

function appended(
  engine: Engine,
  slug: string,
  events: readonly NewSiteEvent[],
  isPacked: boolean
): readonly Statement[] {
  const place = { id: siteIdOf(engine.tables, slug), isPacked }
  return events.flatMap((event) => appendEvent(engine, place, event))
}

/** Moves a site to the event that was appended last. The commit is undone if the site has moved since the place was read. */
function moveOn(
  { query, tables }: Engine,
  slug: string,
  { head, seq }: SitePlace,
  changes: { readonly title?: string; readonly catalogues?: readonly string[]; readonly head?: number } = {}
): Statement {
  const { sites } = tables
  const isUnmoved = and(eq(sites.slug, slug), eq(sites.head, head), eq(sites.seq, seq))
  return {
    query: query
      .update(sites)
      .set({ ...changes, seq: lastSeq(tables) })
      .where(isUnmoved),
    rows: 1
  }
}

/** `conflict` where the site moved on, or one of the events was logged, in between. */
async function commitOn(
  engine: Engine,
  slug: string,
  place: SitePlace,
  events: readonly NewSiteEvent[],
  statements: readonly Statement[]
): Promise<CommitOutcome> {
  if (events.length === 0) throw new Error(`a commit to the site ${slug} has no event`)
  try {
    await engine.commit(statements)
  } catch (error) {
    const now = await placeOf(engine, slug).catch(() => place)
    if (now.head !== place.head || now.seq !== place.seq) return { kind: 'conflict' }
    const once = events.flatMap((event) => event.once ?? [])
    if (engine.isConflict(error) && (await findLoggedOnce(engine, once)).size > 0) return { kind: 'conflict' }
    throw error
  }
  const seqs = await findSeqs(engine, events)
  return { kind: 'committed', seqs, lastSeq: Math.max(...seqs) }
}
