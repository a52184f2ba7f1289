import type { Instant } from './instant.ts'
import { type MirrorObject, mirrorTypes } from './mirror.ts'
import { same } from './same.ts'

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
export interface Deletion extends Omit<MirrorObject, 'data'> {
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

/** What leads from one set of objects to another, one entry for each that differs. */
export function entriesBetween(
  before: Iterable<MirrorObject>,
  after: Iterable<MirrorObject>,
  seq: number,
  tombstoneOf: (gone: MirrorObject) => Tombstone
): readonly Entry[] {
  const held = new Map<string, MirrorObject>()
  for (const object of before) held.set(object.id, object)
  const entries: Entry[] = []
  for (const object of after) {
    const known = held.get(object.id)
    held.delete(object.id)
    if (!known || !same(known.data, object.data)) entries.push(upsert(object, seq))
  }
  for (const gone of held.values()) {
    const { type, id, key, parentKey } = gone
    const parent = parentKey !== undefined && { parentKey }
    entries.push({ op: 'delete', type, id, key, ...parent, seq, tombstone: tombstoneOf(gone) })
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
