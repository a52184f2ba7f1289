import { standsIn } from '../../domain/history/history.ts'
import { type Entry, entriesFrom, type Mark, sortEntries, upsert } from '../../domain/mirror/delta.ts'
import { type MirrorObject, type MirrorType, mirrorOf, mirrorTypes } from '../../domain/mirror/mirror.ts'
import type { RequirementIds } from '../../domain/mirror/mirror-id.ts'
import { type MirrorPart, type MirrorSide, sortPair, viewOfPart } from '../../domain/mirror/mirror-part.ts'
import type { MirrorQuery } from '../../domain/mirror/mirror-query.ts'
import { statesBetween } from '../../domain/mirror/mirror-state.ts'
import { tombstones } from '../../domain/mirror/tombstone.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { type Filter, filterView } from '../../domain/view/filter.ts'
import { type CatalogueView, viewAt } from '../../domain/view/view.ts'
import type { StoredRevision } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import { type CatalogueAtMark, cataloguesAt, selectedHeads } from './catalogue-at-mark.ts'
import { idsOf } from './mirror-ids.ts'
import { partBetween } from './mirror-part.ts'

/**
 * The entries that lead a mirror from one mark to another, in total order. The cost depends on what was published and on the transitions in
 * between, and not on the size of the catalogues.
 */
export async function entriesBetween(
  catalogues: Pick<Catalogues, 'store' | 'cache' | 'heads'>,
  query: MirrorQuery,
  from: Mark,
  to: Mark
): Promise<readonly Entry[]> {
  const { filter, types } = query
  const heads = selectedHeads(catalogues, query)
  const before = await cataloguesAt(catalogues, heads, from)
  const after = await cataloguesAt(catalogues, heads, to)
  const entries: Entry[] = []
  for (const [catalogue, standing] of after) {
    const held = before.get(catalogue)
    entries.push(
      ...(held
        ? await changesOf(catalogues, filter, { ...held, instant: from.instant }, { ...standing, instant: to.instant })
        : await additionsOf(catalogues, filter, standing, to.instant))
    )
  }
  return sortEntries(entries.filter(({ type }) => types.includes(type)))
}

async function additionsOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  filter: Filter,
  { revision, seq }: CatalogueAtMark,
  instant: Instant
): Promise<readonly Entry[]> {
  const view = filterView(viewAt(await loadDocument(catalogues, revision), revision, instant), filter)
  return [...objectsOf(view, (await idsOf(catalogues, revision)).standing)].map((object) => upsert(object, seq))
}

interface StandingThen extends CatalogueAtMark {
  readonly instant: Instant
}

async function changesOf(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  filter: Filter,
  held: StandingThen,
  standing: StandingThen
): Promise<readonly Entry[]> {
  const { store } = catalogues
  if (!canDiffer(held, standing)) return []
  const [before, after] = [await sideOf(catalogues, held), await sideOf(catalogues, standing)]
  const part = await partBetween(store, before, after, filter)
  const ids = await idsOf(catalogues, (held.revision.number < standing.revision.number ? standing : held).revision)
  const revisions = await revisionsIn(catalogues, part, held.revision, standing.revision)
  const at = (number: number) => revisions.get(number) ?? standing.revision
  // A revision changes the catalogue itself, and the clock never does.
  const types = held.revision.number === standing.revision.number ? childTypes : mirrorTypes
  const standingIds = idsIn(part, after, ids)
  return entriesFrom(
    {
      before: objectsOf(filterView(viewOfPart(part, before), filter), idsIn(part, before, ids), childTypes),
      revisions: sortPair(before.revision.number, after.revision.number),
      states: statesBetween(part, before, after, filter, ids, (number) => at(number).recordedAt),
      after: objectsOf(filterView(viewOfPart(part, after), filter), standingIds, types)
    },
    standing.seq,
    tombstones({ part, before, after, ids: standingIds, publishedAt: (number) => at(number).publishedAt })
  )
}

const childTypes = ['requirement', 'endpoint'] as const

/** The ids of the requirements that stand on a side, by key. */
function idsIn(
  { requirements }: MirrorPart,
  { revision }: MirrorSide,
  ids: RequirementIds
): ReadonlyMap<string, string> {
  const standing = requirements.filter((row) => standsIn(row, revision.number))
  return new Map(standing.map((row) => [row.fields.key, ids.of(row)]))
}

/** Whether a mirror of a catalogue can differ between two marks. Most catalogues do not. */
function canDiffer(held: StandingThen, { revision, instant }: StandingThen): boolean {
  if (held.revision.number !== revision.number) return true
  const [early, late] = [Math.min(held.instant, instant), Math.max(held.instant, instant)]
  return revision.transitions.some((transition) => early < transition && transition <= late)
}

async function sideOf({ store }: Pick<Catalogues, 'store'>, { revision, instant }: StandingThen): Promise<MirrorSide> {
  return { revision, instant, profile: await store.profile(revision.catalogue, revision.number) }
}

/** The revisions between two that opened or closed rows of a part, and those two, by number. */
async function revisionsIn(
  { store }: Pick<Catalogues, 'store'>,
  { requirements, endpoints }: MirrorPart,
  held: StoredRevision,
  standing: StoredRevision
): Promise<ReadonlyMap<number, StoredRevision>> {
  const [low, high] = sortPair(held.number, standing.number)
  const numbers = new Set([...requirements, ...endpoints].flatMap(({ since, until }) => [since, until ?? since]))
  const found = new Map([held, standing].map((revision) => [revision.number, revision]))
  for (const number of numbers) {
    if (number <= low || number >= high) continue
    const revision = await store.revision(standing.catalogue, number)
    if (revision) found.set(number, revision)
  }
  return found
}

function* objectsOf(
  view: CatalogueView,
  ids: ReadonlyMap<string, string>,
  types: readonly MirrorType[] = mirrorTypes
): Generator<MirrorObject> {
  for (const type of types) yield* mirrorOf(view, ids, type)
}
