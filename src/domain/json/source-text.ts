const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** How deep a document may nest: ours need seven levels, and a parser's stack does not end there. */
export const maxDepth = 100

/** The text of a body. UTF-8 without byte order mark is all that is read: guessing an encoding would change names. */
export function decodeSource(bytes: Uint8Array): { readonly text: string } | { readonly fault: string } {
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { fault: 'is not valid UTF-8' }
  }
  if (text.startsWith('\ufeff')) return { fault: 'starts with a byte order mark: save it as UTF-8 without one' }
  return { text }
}

/** Where an offset lies, for people: `line 3, column 7`, both from 1. */
export function placeIn(text: string, offset: number): string {
  let line = 1
  let start = 0
  for (let end = text.indexOf('\n'); end >= 0 && end < offset; end = text.indexOf('\n', start)) {
    line += 1
    start = end + 1
  }
  return `line ${line}, column ${offset - start + 1}`
}

/** A key or value within a sentence: one line, short, and with nothing in it that a terminal or a reader may mistake. */
export function quote(text: string): string {
  const short = text.length > 80 ? `${text.slice(0, 79)}…` : text
  return JSON.stringify(short).replace(/[^\x20-\x7e…]/g, escapeUnit)
}

function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
}
