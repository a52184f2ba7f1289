import type { Place } from '../errors.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const lenientDecoder = new TextDecoder('utf-8', { ignoreBOM: true })
const encoder = new TextEncoder()

/** How many levels a document may nest. Documents need seven; the limit keeps the stack of a parser short. */
export const maxDepth = 100

/** Why a text cannot be read, as the predicate of a sentence, and where, if a place in it is to blame. */
export interface Unreadable {
  readonly fault: string
  readonly place?: Place
}

export function unreadable(text: string, offset: number, what: string): Unreadable {
  const place = placesIn(text)(offset)
  return { fault: `cannot be read at line ${place.line}, column ${place.column}: ${what}`, place }
}

/** The text of a body. Only UTF-8 is read: guessing an encoding would change names. A byte order mark is left out, as editors of Windows write it. */
export function decodeSource(bytes: Uint8Array): { readonly text: string } | Unreadable {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { fault: 'is not valid UTF-8', place: placeOfBadByte(bytes) }
  }
  return { text: withoutMark(text) }
}

function withoutMark(text: string): string {
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** Where the first byte stands that is no UTF-8: at the first replacement character that the author did not write. */
function placeOfBadByte(bytes: Uint8Array): Place {
  const text = lenientDecoder.decode(bytes)
  let [read, byte, found] = [0, 0, text.indexOf('\ufffd')]
  while (found >= 0) {
    byte += encoder.encode(text.slice(read, found)).length
    read = found
    const isWritten = bytes[byte] === 0xef && bytes[byte + 1] === 0xbf && bytes[byte + 2] === 0xbd
    if (!isWritten) break
    found = text.indexOf('\ufffd', found + 1)
  }
  const plain = withoutMark(text)
  return placesIn(plain)(Math.max(0, found - (text.length - plain.length)))
}

/** Tells the places of offsets in a text, after it was read once: lines end with a line feed, and columns count UTF-16 units, as editors do. */
export function placesIn(text: string): (offset: number) => Place {
  const starts = [0]
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) starts.push(end + 1)
  return (offset) => {
    let [low, high] = [0, starts.length]
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if ((starts[middle] ?? 0) <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 }
  }
}

/** A key or value as it is quoted in a sentence: in one line, short, and without characters that a terminal or a reader may mistake. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, escapeUnit)
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
