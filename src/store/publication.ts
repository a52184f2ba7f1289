import { and, eq, sql } from 'drizzle-orm'
import type { Engine, Statement } from './engine.ts'
import { append, lastSeq, newVersion } from './log.ts'
import { closedRows, type RowNumber, stepStatements } from './step.ts'
import type { Publication } from './store.ts'

export async function commit(engine: Engine, publication: Publication): Promise<'committed' | 'conflict'> {
  const { number, catalogue } = publication.revision
  const { id, head } = (await find(engine, catalogue)) ?? (await admit(engine, publication))
  if (head >= number) return 'conflict'
  if (head < number - 1) throw new Error(`revision ${number} of ${catalogue} does not follow ${head}`)
  const closed = await closedRows(engine, id, publication)
  try {
    await engine.commit(statements(engine, id, publication, closed))
    return 'committed'
  } catch (error) {
    const now = engine.isConflict(error) ? await find(engine, catalogue) : undefined
    if (now && now.head >= number) return 'conflict'
    throw error
  }
}

interface Found {
  readonly id: number
  readonly head: number
}

async function find({ query, read, tables: { catalogues } }: Engine, slug: string): Promise<Found | undefined> {
  const [row] = await read(
    query.select({ id: catalogues.id, head: catalogues.head }).from(catalogues).where(eq(catalogues.slug, slug))
  )
  return row
}

/**
 * A new catalogue gets its number in a transaction of its own, since all rows to come name it. Until its first revision is committed
 * nobody sees it.
 */
async function admit(engine: Engine, { revision: { catalogue }, step }: Publication): Promise<Found> {
  if (!step.profile) throw new Error(`the first revision of ${catalogue} has no profile`)
  const { catalogues } = engine.tables
  const { title, vendor, product, version } = step.profile
  const id = sql`(select coalesce(max(c.id), 0) + 1 from ${catalogues} c)`
  const row = { id, slug: catalogue, head: 0, seq: 0, title, vendor, product, version }
  try {
    await engine.commit([newVersion(engine), { query: engine.query.insert(catalogues).values(row), rows: 1 }])
  } catch (error) {
    // Another publisher admitted it.
    if (!engine.isConflict(error)) throw error
  }
  const found = await find(engine, catalogue)
  if (!found) throw new Error(`the catalogue ${catalogue} was not kept`)
  return found
}

/** The event and the revision come first: of two publishers of one number, the slower is refused before it writes rows. */
function* statements(
  engine: Engine,
  id: number,
  { revision, step, events }: Publication,
  closed: readonly RowNumber[]
): Generator<Statement> {
  const { query, tables } = engine
  const { catalogues, revisions } = tables
  const { number, counts, author, reason, ...facts } = revision
  const seq = lastSeq(tables)

  yield newVersion(engine)
  for (const event of events) yield* append(engine, id, event)
  const row = { author: author ?? null, reason: reason ?? null, edition: step.edition, seq }
  yield {
    query: query.insert(revisions).values({ ...facts, ...counts, ...row, number, catalogue: id }),
    rows: 1
  }
  const head = step.profile && {
    title: step.profile.title,
    vendor: step.profile.vendor,
    product: step.profile.product,
    version: step.profile.version
  }
  yield {
    query: query
      .update(catalogues)
      .set({ ...head, head: number, seq })
      .where(and(eq(catalogues.id, id), eq(catalogues.head, number - 1))),
    rows: 1
  }
  yield* stepStatements(engine, id, number, step, closed)
}
