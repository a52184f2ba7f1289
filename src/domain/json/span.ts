import type { Place } from '../errors.ts'
import { placesIn } from './source-text.ts'

/** Where a value stands in a text: the offsets of its first character, of the end behind its last one, and of its key where it has one. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly key?: number
}

/** A text that was read, and where the values stand in it. */
export interface Source {
  readonly text: string
  /** The spans of the values at these JSON Pointers, and of all that lies around them, by pointer. What is not there has none. */
  readonly spansOf: (pointers: readonly string[]) => ReadonlyMap<string, Span>
}

/** A value as it was found: where an editor should jump to, and how it is written. */
export interface Found {
  readonly place: Place
  /** The text of the value; absent where the value itself is not there. */
  readonly written?: string
}

/**
 * Finds the values at JSON Pointers. What is missing is found where it should be: at what would hold it. `atKeys`: the pointers whose key is
 * meant, and not the value behind it.
 */
export function findAll(
  { text, spansOf }: Source,
  pointers: readonly string[],
  atKeys: ReadonlySet<string>
): (pointer: string) => Found | undefined {
  const spans = spansOf(pointers)
  const placeOf = placesIn(text)
  return (pointer) => {
    const own = spans.get(pointer)
    if (own)
      return {
        place: placeOf(atKeys.has(pointer) ? (own.key ?? own.start) : own.start),
        written: text.slice(own.start, own.end)
      }
    let around = pointer
    while (around !== '' && !spans.has(around)) around = around.slice(0, around.lastIndexOf('/'))
    const holder = spans.get(around)
    return holder && { place: placeOf(holder.key ?? holder.start) }
  }
}
