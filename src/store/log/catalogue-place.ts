import { and, eq, type SQL } from 'drizzle-orm'
import type { NewEvent } from '../../domain/event/event.ts'
import type { Engine, Statement } from '../engine/engine.ts'
import type { Tables } from '../engine/tables.ts'
import type { CommitOutcome } from '../store.ts'
import { findLoggedOnce, findSeqs, lastSeq } from './log.ts'

type CatalogueRow = Tables['catalogues']['$inferSelect']

/** The state of a catalogue that a write was decided on, and that it must still find. */
export interface CataloguePlace {
  readonly id: number
  /** 0 until the first revision is committed. */
  readonly head: number
  readonly seq: number
  /** Whether rows are packed: no program of an older version reads this store. */
  readonly isPacked: boolean
}

export async function placeOf(
  { query, read, tables: { catalogues, log } }: Engine,
  slug: string
): Promise<CataloguePlace | undefined> {
  const { id, head, seq } = catalogues
  const [row] = await read(
    query
      .select({ id, head, seq, isPacked: log.isPacked })
      .from(catalogues)
      .innerJoin(log, eq(log.id, 1))
      .where(eq(catalogues.slug, slug))
  )
  return row && { ...row, isPacked: row.isPacked === true }
}

/**
 * Within a commit: moves a catalogue to the event that was appended last. The commit is undone if the catalogue has moved since the
 * place was read. `changes`: other columns of its row.
 */
export function moveOn(
  { query, tables }: Engine,
  { id, head, seq }: CataloguePlace,
  changes: Partial<CatalogueRow> = {}
): Statement {
  const { catalogues } = tables
  const isUnmoved: SQL | undefined = and(eq(catalogues.id, id), eq(catalogues.head, head), eq(catalogues.seq, seq))
  const move = query.update(catalogues).set({ ...changes, seq: lastSeq(tables) })
  return { query: move.where(isUnmoved), rows: 1 }
}

/** What is committed on a place: the statements that append the events, and whatever goes with them. */
interface PlacedCommit {
  readonly slug: string
  readonly place: CataloguePlace
  readonly events: readonly NewEvent[]
  readonly statements: Iterable<Statement>
}

/** Commits what was decided on a place. `conflict` where the catalogue moved on, or one of the events was logged, in between. */
export async function commitOnPlace(engine: Engine, commit: PlacedCommit): Promise<CommitOutcome> {
  if (commit.events.length === 0) throw new Error(`a commit to ${commit.slug} has no event`)
  try {
    await engine.commit(commit.statements)
  } catch (error) {
    if (await isOvertaken(engine, error, commit)) return { kind: 'conflict' }
    throw error
  }
  const seqs = await findSeqs(engine, commit.events)
  return { kind: 'committed', seqs, lastSeq: seqs.reduce((last, seq) => Math.max(last, seq)) }
}

/** Whether a write failed because another one was faster. */
async function isOvertaken(
  engine: Engine,
  error: unknown,
  { slug, place, events }: Omit<PlacedCommit, 'statements'>
): Promise<boolean> {
  const now = await placeOf(engine, slug).catch(() => undefined)
  if (!now) return false
  if (now.head !== place.head || now.seq !== place.seq) return true
  const once = events.flatMap((event) => event.once ?? [])
  return engine.isConflict(error) && (await findLoggedOnce(engine, once)).size > 0
}
