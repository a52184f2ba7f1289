import { groupBy } from '../group.ts'
import { equalJson } from '../json/equal-json.ts'
import type { Instant } from '../time/instant.ts'
import { type MirrorObject, mirrorTypes } from './mirror.ts'
import { hasGap, type MirrorState } from './mirror-state.ts'
import type { Tombstone } from './tombstone.ts'

/** What a mirror contains: the events up to `seq`, as a view at `instant`. */
export interface Mark {
  readonly seq: number
  readonly instant: Instant
}

type Upsert<T> = T extends MirrorObject ? { readonly op: 'upsert'; readonly seq: number } & T : never
interface Deletion extends Omit<MirrorObject, 'data'> {
  readonly op: 'delete'
  readonly seq: number
  readonly tombstone: Tombstone
}
/** What a mirror has to do with one object. `seq`: the newest event of its catalogue that the entry contains. */
export type Entry = Upsert<MirrorObject> | Deletion

/** The entry for an object that a mirror has to add or replace. */
export function upsert({ type, id, key, parentKey, data }: MirrorObject, seq: number): Entry {
  // Put together for the order of its members. Which data goes with which type is as it was.
  return { op: 'upsert', type, id, key, ...(parentKey !== undefined && { parentKey }), seq, data } as Entry
}

/** The objects of a mirror at two moments, and in between. */
export interface MirrorStates {
  readonly before: Iterable<MirrorObject>
  /** Every state that an object was in between, in the order of time. */
  readonly states: Iterable<MirrorState>
  readonly after: Iterable<MirrorObject>
  /** The first and the last revision of what is between. */
  readonly revisions: readonly [number, number]
}

/**
 * The entries that bring a mirror up to date. The mirror may hold the state before this round, or any state in between if an earlier
 * round was interrupted. So every object that changed at any time gets an entry, also one that is now as it was before, and to be absent is
 * a change as well. An object that appeared and disappeared again gets a deletion.
 */
export function entriesFrom(
  { before, states, after, revisions }: MirrorStates,
  seq: number,
  tombstoneOf: (gone: MirrorObject) => Tombstone
): readonly Entry[] {
  const held = new Set<string>()
  for (const { id } of before) held.add(id)
  const histories = groupBy(states, ({ object }) => object.id)
  const entries: Entry[] = []
  for (const object of after) {
    const history = histories.get(object.id) ?? []
    histories.delete(object.id)
    const isUnchanged =
      held.has(object.id) &&
      history.every((state) => equalJson(state.object.data, object.data)) &&
      !hasGap(
        history.flatMap(({ stood }) => stood),
        revisions
      )
    if (!isUnchanged) entries.push(upsert(object, seq))
  }
  for (const history of histories.values()) {
    const last = history.at(-1)?.object
    if (!last) continue
    const { type, id, key, parentKey } = last
    const parent = parentKey !== undefined && { parentKey }
    entries.push({ op: 'delete', type, id, key, ...parent, seq, tombstone: tombstoneOf(last) })
  }
  return entries
}

/** Sorts entries in a total order: upserts with parents first, then deletions with children first, so that no copy ever lacks a parent. */
export function sortEntries(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
}

function rank({ op, type }: Entry): number {
  const depth = mirrorTypes.indexOf(type)
  return op === 'upsert' ? depth : 2 * mirrorTypes.length - depth
}
