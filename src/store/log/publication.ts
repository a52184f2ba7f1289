import { sql } from 'drizzle-orm'
import type { Step } from '../../domain/history/step.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import { findOrder, keptOrder } from '../history/order.ts'
import { rowForm } from '../packed/row-form.ts'
import type { CommitOutcome, Publication } from '../store.ts'
import { type CataloguePlace, commitOnPlace, moveOn, placeOf } from './catalogue-place.ts'
import { appendEvent, lastSeq, newVersion } from './log.ts'
import { closedRows, stepStatements } from './step.ts'

export async function commitPublication(engine: Engine, publication: Publication): Promise<CommitOutcome> {
  const { number, catalogue: slug } = publication.revision
  const { events, knownSeq } = publication
  const place = (await placeOf(engine, slug)) ?? (await admit(engine, publication))
  if (place.head >= number || (knownSeq !== undefined && knownSeq !== place.seq)) return { kind: 'conflict' }
  if (place.head < number - 1) throw new Error(`revision ${number} of ${slug} does not follow ${place.head}`)
  const closed = await closedRows(engine, place.id, publication)
  const order = await orderOf(engine, place, publication.step)
  return commitOnPlace(engine, {
    slug,
    place,
    events,
    statements: statements(engine, place, publication, { closed, order })
  })
}

/**
 * Gives a new catalogue its number, in a transaction of its own, since all its rows will have it. Nobody sees the catalogue until its
 * first revision is committed.
 */
async function admit(engine: Engine, { revision: { catalogue }, step }: Publication): Promise<CataloguePlace> {
  if (!step.profile) throw new Error(`the first revision of ${catalogue} has no profile`)
  const { catalogues } = engine.tables
  const { title, vendor, product, version } = step.profile
  const id = sql`(select coalesce(max(c.id), 0) + 1 from ${catalogues} c)`
  const row = { id, slug: catalogue, head: 0, seq: 0, title, vendor, product, version }
  try {
    await engine.commit([newVersion(engine), { query: engine.query.insert(catalogues).values(row), rows: 1 }])
  } catch (error) {
    // Another publisher admitted the catalogue.
    if (!engine.isConflict(error)) throw error
  }
  const found = await placeOf(engine, catalogue)
  if (!found) throw new Error(`the catalogue ${catalogue} was not kept`)
  return found
}

/** The row of the order, where it is another one. It may be read before the commit, as the rows that are closed. */
async function orderOf(engine: Engine, { id, head, isPacked }: CataloguePlace, { order }: Step) {
  return order && isPacked ? keptOrder(await findOrder(engine, id, head), order) : order
}

/** The statements of a publication. Events and revision come first, so that the slower of two publishers fails before it writes rows. */
function* statements(
  engine: Engine,
  place: CataloguePlace,
  { revision, step, events }: Publication,
  rows: Parameters<typeof stepStatements>[4]
): Generator<Statement> {
  const { query, tables } = engine
  const { revisions } = tables
  const { id } = place
  // The source stands in the edition.
  const { number, counts, author, authorKey, reason, digest, chain, source: _, ...facts } = revision
  const form = rowForm(place.isPacked)
  const seq = lastSeq(tables)

  yield newVersion(engine)
  for (const event of events) yield* appendEvent(engine, place, event)
  const optional = { author: author ?? null, authorKey: authorKey ?? null, reason: reason ?? null }
  const packed = { edition: form.json(step.edition), digest: form.digest(digest), chain: form.digest(chain) }
  yield {
    query: query.insert(revisions).values({ ...facts, ...counts, ...optional, ...packed, seq, number, catalogue: id }),
    rows: 1
  }
  const head = step.profile && {
    title: step.profile.title,
    vendor: step.profile.vendor,
    product: step.profile.product,
    version: step.profile.version
  }
  yield moveOn(engine, place, { ...head, head: number })
  yield* stepStatements(engine, id, number, step, rows)
}
