import { type Entry, entriesBetween, inOrder, type Mark, upsert } from '../domain/delta.ts'
import { type Filter, filterView } from '../domain/filter.ts'
import type { Instant } from '../domain/instant.ts'
import { type MirrorObject, mirrorOf, mirrorTypes } from '../domain/mirror.ts'
import { type MirrorPart, type Side, viewOfPart } from '../domain/mirror-part.ts'
import type { MirrorQuery } from '../domain/mirror-query.ts'
import { tombstones } from '../domain/tombstone.ts'
import { type View, viewAt } from '../domain/view.ts'
import type { StoredRevision } from '../store/store.ts'
import type { Catalogues } from './catalogues.ts'
import { documentOf } from './document.ts'
import { type Ids, idsOf } from './mirror-ids.ts'
import { partBetween } from './mirror-part.ts'
import { type Standing, selectedHeads, standingsAt } from './standing.ts'

/**
 * What leads a mirror from one mark to another: one entry for each object that differs, in total order. Cost: what was published and
 * what the clock turned in between.
 */
export async function entriesFrom(
  catalogues: Catalogues,
  { filter, catalogues: ids, types }: MirrorQuery,
  from: Mark,
  to: Mark
): Promise<readonly Entry[]> {
  const heads = selectedHeads(catalogues, ids)
  const before = await standingsAt(catalogues, heads, from)
  const after = await standingsAt(catalogues, heads, to)
  const entries: Entry[] = []
  for (const [catalogue, standing] of after) {
    const held = before.get(catalogue)
    entries.push(
      ...(held
        ? await changesOf(catalogues, filter, { ...held, instant: from.instant }, { ...standing, instant: to.instant })
        : await additionsOf(catalogues, filter, standing, to.instant))
    )
  }
  return inOrder(entries.filter(({ type }) => types.includes(type)))
}

async function additionsOf(
  catalogues: Catalogues,
  filter: Filter,
  { revision, seq }: Standing,
  instant: Instant
): Promise<readonly Entry[]> {
  const view = filterView(viewAt(await documentOf(catalogues, revision), revision, instant), filter)
  return [...objectsOf(view, await idsOf(catalogues, revision))].map((object) => upsert(object, seq))
}

interface StandingThen extends Standing {
  readonly instant: Instant
}

async function changesOf(
  catalogues: Catalogues,
  filter: Filter,
  held: StandingThen,
  standing: StandingThen
): Promise<readonly Entry[]> {
  const { store } = catalogues
  if (!differs(held, standing)) return []
  const [before, after] = [await sideOf(catalogues, held), await sideOf(catalogues, standing)]
  const part = await partBetween(store, before, after, filter)
  const [idsBefore, ids] = [await idsOf(catalogues, held.revision), await idsOf(catalogues, standing.revision)]
  const published = await publications(catalogues, part, held.revision)
  const publishedAt = (number: number) => published.get(number) ?? standing.revision.publishedAt
  return entriesBetween(
    objectsOf(filterView(viewOfPart(part, before), filter), idsBefore),
    objectsOf(filterView(viewOfPart(part, after), filter), ids),
    standing.seq,
    tombstones({ part, before, after, ids, publishedAt })
  )
}

/** Most catalogues stand as they stood. */
function differs(held: StandingThen, { revision, instant }: StandingThen): boolean {
  if (held.revision.number !== revision.number) return true
  const [early, late] = [Math.min(held.instant, instant), Math.max(held.instant, instant)]
  return revision.transitions.some((transition) => early < transition && transition <= late)
}

async function sideOf({ store }: Catalogues, { revision, instant }: StandingThen): Promise<Side> {
  return { revision, instant, profile: await store.profile(revision.catalogue, revision.number) }
}

/** When the revisions were published that closed rows of a part after the one that is held, by number. */
async function publications(
  { store }: Catalogues,
  { requirements, endpoints }: MirrorPart,
  { catalogue, number: held }: StoredRevision
): Promise<ReadonlyMap<number, Instant>> {
  const numbers = new Set([...requirements, ...endpoints].map(({ until }) => until))
  const found = new Map<number, Instant>()
  for (const number of numbers) {
    const revision = number !== undefined && number > held ? await store.revision(catalogue, number) : undefined
    if (revision) found.set(revision.number, revision.publishedAt)
  }
  return found
}

function* objectsOf(view: View, ids: Ids): Generator<MirrorObject> {
  for (const type of mirrorTypes) yield* mirrorOf(view, ids, type)
}
