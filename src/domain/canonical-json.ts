/**
 * The canonical form of RFC 8785 (JCS): members sorted by UTF-16 code unit, no white space. Numbers here are whole and below
 * 2^53, so ECMAScript's own form is the one that the RFC asks for.
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) {
    let text = '['
    for (let index = 0; index < value.length; index += 1) text += (index === 0 ? '' : ',') + canonicalJson(value[index])
    return `${text}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  let text = ''
  for (const key of Object.keys(value).sort()) {
    // The cast holds for any object: what it lacks reads as undefined, and is left out as JSON does.
    const member = (value as Record<string, unknown>)[key]
    if (member !== undefined) text += `${text === '' ? '' : ','}${JSON.stringify(key)}:${canonicalJson(member)}`
  }
  return `{${text}}`
}
