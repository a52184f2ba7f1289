/**
 * A URL in the form in which URLs of lists are compared: what RFC 3986, section 6.2, calls equivalent is equal. A fragment does not count,
 * since it names no other list.
 */
export function normalSourceUrl(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  url.hash = ''
  return url.href.replace(/%[0-9a-f]{2}/gi, (triplet) => {
    const character = String.fromCharCode(Number.parseInt(triplet.slice(1), 16))
    return /[\w\-.~]/.test(character) ? character : triplet.toUpperCase()
  })
}
