import { groupBy } from '../group.ts'
import { equalJson } from '../json/equal-json.ts'
import type { Instant } from '../time/instant.ts'
import { type MirrorObject, mirrorTypes } from './mirror.ts'

/** How far a mirror has come: the newest event that it knows, and the instant at which it is right. */
export interface Mark {
  readonly seq: number
  readonly instant: Instant
}

export const tombstoneReasons = ['deleted', 'retired', 'left_filter', 'access_lost'] as const

/** Why an object is no longer in the mirror. */
export interface Tombstone {
  readonly reason: (typeof tombstoneReasons)[number]
  /** RFC 3339 */
  readonly at: string
  /** Values of the endpoints that take its place, as its author announced. */
  readonly replacedBy?: readonly string[]
}

type Upsert<T> = T extends MirrorObject ? { readonly op: 'upsert'; readonly seq: number } & T : never
interface Deletion extends Omit<MirrorObject, 'data'> {
  readonly op: 'delete'
  readonly seq: number
  readonly tombstone: Tombstone
}
/** What a mirror has to do with one object. `seq`: the newest event of its catalogue that this entry contains. */
export type Entry = Upsert<MirrorObject> | Deletion

export function upsert({ type, id, key, parentKey, data }: MirrorObject, seq: number): Entry {
  // Put together anew for the order of its members: which data goes with which type is as it was.
  return { op: 'upsert', type, id, key, ...(parentKey !== undefined && { parentKey }), seq, data } as Entry
}

/** Objects on the way from one moment to another. */
export interface MirrorStates {
  readonly before: Iterable<MirrorObject>
  /** Every state that an object was in, the last last. */
  readonly states: Iterable<MirrorObject>
  readonly after: Iterable<MirrorObject>
}

/**
 * What makes a mirror right that is as before, or was broken off in a round on the way and holds any of the states: an entry for each
 * object that was ever otherwise than it is afterwards, a deletion also for what came and went.
 */
export function entriesFrom(
  { before, states, after }: MirrorStates,
  seq: number,
  tombstoneOf: (gone: MirrorObject) => Tombstone
): readonly Entry[] {
  const held = new Set<string>()
  for (const { id } of before) held.add(id)
  const ways = groupBy(states, ({ id }) => id)
  const entries: Entry[] = []
  for (const object of after) {
    const way = ways.get(object.id) ?? []
    ways.delete(object.id)
    const isSame = held.has(object.id) && way.every(({ data }) => equalJson(data, object.data))
    if (!isSame) entries.push(upsert(object, seq))
  }
  for (const way of ways.values()) {
    const last = way.at(-1)
    if (!last) continue
    const { type, id, key, parentKey } = last
    const parent = parentKey !== undefined && { parentKey }
    entries.push({ op: 'delete', type, id, key, ...parent, seq, tombstone: tombstoneOf(last) })
  }
  return entries
}

/** Total order: upserts parents first, then deletes children first, so that no copy ever lacks a parent. */
export function inOrder(entries: readonly Entry[]): readonly Entry[] {
  return [...entries].sort((a, b) => rank(a) - rank(b) || (a.id < b.id ? -1 : 1))
}

function rank({ op, type }: Entry): number {
  const depth = mirrorTypes.indexOf(type)
  return op === 'upsert' ? depth : 2 * mirrorTypes.length - depth
}
