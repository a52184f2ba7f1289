/**
 * The canonical form of RFC 8785 (JCS): members sorted by UTF-16 code unit, no white space. Numbers in documents are whole and below
 * 2^53, so ECMAScript writes them as the RFC asks for.
 */
export function canonicalJson(value: unknown): string {
  // The writer of the language is many times as fast.
  return isCanonical(value) ? JSON.stringify(value) : sortedJson(value)
}

/** Whether the members of all objects stand in canonical order already. */
function isCanonical(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (Array.isArray(value)) return value.every(isCanonical)
  let last = ''
  for (const key in value) {
    // Any object may be read by the names that it has.
    if (key < last || !isCanonical((value as Record<string, unknown>)[key])) return false
    last = key
  }
  return true
}

function sortedJson(value: unknown): string {
  if (Array.isArray(value)) {
    let text = '['
    for (let index = 0; index < value.length; index += 1) text += (index === 0 ? '' : ',') + canonicalJson(value[index])
    return `${text}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  for (const key of Object.keys(value).sort()) {
    // Any object may be read by name. A member that is undefined is left out, as JSON does.
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}

/** The text of `canonicalJson` in pieces of a few kilobytes: long lists and objects are cut between their members. */
export function* canonicalPieces(value: unknown): Generator<string> {
  let piece = ''
  for (const part of parts(value, 3)) {
    piece += part
    if (piece.length < 16_384) continue
    yield piece
    piece = ''
  }
  yield piece
}

/** The text in parts: down to `depth` levels, each member is a part of its own. */
function* parts(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) {
    yield canonicalJson(value)
  } else if (Array.isArray(value)) {
    let mark = '['
    for (const item of value) {
      yield mark
      yield* parts(item, depth - 1)
      mark = ','
    }
    yield value.length === 0 ? '[]' : ']'
  } else {
    let mark = '{'
    // Any object may be read by name.
    const members = value as Record<string, unknown>
    for (const key of Object.keys(members).sort()) {
      if (members[key] === undefined) continue
      yield `${mark}${JSON.stringify(key)}:`
      yield* parts(members[key], depth - 1)
      mark = ','
    }
    yield mark === '{' ? '{}' : '}'
  }
}
