const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** How many levels a document may nest. Documents need seven; the limit keeps the stack of a parser short. */
export const maxDepth = 100

/** The text of a body. Only UTF-8 is read: guessing an encoding would change names. A byte order mark is left out, as editors of Windows write it. */
export function decodeSource(bytes: Uint8Array): { readonly text: string } | { readonly fault: string } {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { fault: 'is not valid UTF-8' }
  }
  return { text: text.startsWith('\ufeff') ? text.slice(1) : text }
}

/** The place of an offset in a text, for people: `line 3, column 7`, both from 1. */
export function placeIn(text: string, offset: number): string {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line += 1
    start = end + 1
  }
  return `line ${line}, column ${offset - start + 1}`
}

/** A key or value as it is quoted in a sentence: in one line, short, and without characters that a terminal or a reader may mistake. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, escapeUnit)
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
