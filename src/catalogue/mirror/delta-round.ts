import { PortolanError } from '../../domain/errors.ts'
import { type Entry, type Mark, upsert } from '../../domain/mirror/delta.ts'
import {
  type BaselinePosition,
  type DeltaCursor,
  readDeltaCursor,
  writeDeltaCursor
} from '../../domain/mirror/delta-cursor.ts'
import type { MirrorDigest } from '../../domain/mirror/ledger.ts'
import { type MirrorQuery, queryName } from '../../domain/mirror/mirror-query.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { baseline } from './baseline.ts'
import { cataloguesAt, markNow, selectedHeads } from './catalogue-at-mark.ts'
import { entriesBetween } from './delta.ts'
import type { Ledgers } from './ledgers.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads'>

/** One step of a mirror from the mark that it holds to the present mark, in pages that all belong to these two marks. */
export interface DeltaRound {
  readonly query: MirrorQuery
  /** What the client holds; absent: nothing. */
  readonly held?: Mark
  readonly to: Mark
  /** Where the page begins; absent: at the beginning of the round. */
  readonly from?: BaselinePosition | number
  /** The round began earlier, and this is a later page of it: nothing can change its entries. */
  readonly isFrozen: boolean
  /** For a round that starts now: the next transition, after which the same cursor would give other entries. */
  readonly until?: Instant
}

export interface DeltaPage {
  readonly entries: readonly Entry[]
  /** The cursor of the next page; absent on the last page. */
  readonly next?: string
  /** On the last page: the cursor of the next round, and count and digest of what the client now holds. */
  readonly end?: MirrorDigest & { readonly cursor: string }
}

/** An entry of an endpoint without remarks weighs 420 bytes in memory (measured). Remarks and replacements may double that. */
const bytesOfEntry = 1_000

const rounds: Slot<readonly Entry[]> = { name: 'round', bytes: (entries) => entries.length * bytesOfEntry }

/**
 * The round that a cursor asks for. Without a cursor it is a baseline, and with `latest` a round without entries.
 * @throws PortolanError `not_found`, `cursor_invalid`, `cursor_mismatch`, `epoch_changed`
 */
export async function deltaRoundOf(
  catalogues: Pick<Catalogues, 'store' | 'heads' | 'now'>,
  query: MirrorQuery,
  text: string | undefined
): Promise<DeltaRound> {
  const cursor = text === undefined || text === 'latest' ? undefined : await readCursor(catalogues, query, text)
  if (cursor?.round) return { query, ...(cursor.held && { held: cursor.held }), ...cursor.round, isFrozen: true }
  const { until, ...to } = markNow(selectedHeads(catalogues, query), catalogues.now())
  const held = text === 'latest' ? to : cursor?.held
  return { query, ...(held && { held }), to, isFrozen: false, ...(until !== undefined && { until }) }
}

async function readCursor(
  catalogues: Pick<Catalogues, 'store' | 'heads'>,
  query: MirrorQuery,
  text: string
): Promise<DeltaCursor> {
  const { store, heads } = catalogues
  const cursor = readDeltaCursor(text)
  if (!cursor) throw invalidCursor()
  if (cursor.epoch !== store.epoch) throw epochChanged()
  if (cursor.query !== queryName(query))
    throw new PortolanError(
      'cursor_mismatch',
      'The cursor belongs to another filter, catalogue or type: begin again without it.'
    )
  const seq = cursor.round?.to.seq ?? cursor.held?.seq ?? 0
  // Another replica may have made it, after an event that this one has not seen yet.
  if (seq > heads.seq) await heads.refresh()
  // The log was put back to an earlier state, and what the client holds may never have been here.
  if (seq > heads.seq) throw epochChanged()
  if ((cursor.held?.seq ?? 0) > seq) throw invalidCursor()
  return cursor
}

function epochChanged(): PortolanError {
  return new PortolanError(
    'epoch_changed',
    'The cursor belongs to a store that is no longer here: begin again without it.'
  )
}

function invalidCursor(): PortolanError {
  return new PortolanError('cursor_invalid', 'The cursor was not made by this service: begin again without it.')
}

/** Whether a round that begins now has no entries. */
export async function isIdle(catalogues: Sources, { query, held, to, isFrozen }: DeltaRound): Promise<boolean> {
  if (!held || isFrozen) return false
  return sameMark(held, to) || (await entriesBetween(catalogues, query, held, to)).length === 0
}

function sameMark(a: Mark, b: Mark): boolean {
  return a.seq === b.seq && a.instant === b.instant
}

/** All entries of a round from where the page begins, each with the place of a page that would begin with it. */
export async function* roundEntries(
  catalogues: Sources,
  round: DeltaRound
): AsyncGenerator<{ readonly entry: Entry; readonly from: BaselinePosition | number }> {
  const { query, held, to, from } = round
  if (held) {
    const first = typeof from === 'number' ? from : 0
    const entries = await keptEntries(catalogues, round, held)
    for (const [index, entry] of entries.entries()) if (index >= first) yield { entry, from: index }
    return
  }
  const standings = await cataloguesAt(catalogues, selectedHeads(catalogues, query), to)
  const start = typeof from === 'number' ? undefined : from
  for await (const { object, place, seq } of baseline(catalogues, query, standings, to, start))
    yield { entry: upsert(object, seq), from: place }
}

/** The entries from one mark to another. They are kept, since the client may ask for more pages of them. */
async function keptEntries(catalogues: Sources, { query, to }: DeltaRound, held: Mark): Promise<readonly Entry[]> {
  if (sameMark(held, to)) return []
  const key = [queryName(query), held.seq, held.instant, to.seq, to.instant].join('\n')
  const kept = catalogues.cache.get(rounds, key)
  if (kept) return kept
  const entries = await entriesBetween(catalogues, query, held, to)
  catalogues.cache.set(rounds, key, entries)
  return entries
}

/** A page of at most `limit` entries, with the cursor of what follows. */
export async function deltaPageOf(
  catalogues: Sources,
  ledgers: Ledgers,
  round: DeltaRound,
  limit: number
): Promise<DeltaPage> {
  const entries: Entry[] = []
  for await (const { entry, from } of roundEntries(catalogues, round)) {
    if (entries.length === limit) return { entries, next: nextCursor(catalogues, round, from) }
    entries.push(entry)
  }
  return { entries, end: await deltaEndOf(catalogues, ledgers, round) }
}

/** The cursor of a later page of a round. */
export function nextCursor(
  { store }: Pick<Catalogues, 'store'>,
  { query, held, to }: DeltaRound,
  from: BaselinePosition | number
): string {
  return writeDeltaCursor({
    epoch: store.epoch,
    query: queryName(query),
    ...(held && { held }),
    round: { to, from }
  })
}

/** The end of the last page: the cursor of the next round, and the count and digest of all that the client now holds. */
export async function deltaEndOf(
  { store }: Pick<Catalogues, 'store'>,
  ledgers: Ledgers,
  { query, to }: DeltaRound
): Promise<MirrorDigest & { readonly cursor: string }> {
  const cursor = writeDeltaCursor({ epoch: store.epoch, query: queryName(query), held: to })
  return { cursor, ...(await ledgers.digestAt(query, to)) }
}
