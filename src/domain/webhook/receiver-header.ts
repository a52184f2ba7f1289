const most = 10
const mostBytes = 4096

/** Names that the sender sets, or that would change who is asked or how the body is read. */
const denied =
  /^(host|connection|keep-alive|upgrade|expect|te|trailer|transfer-encoding|cookie|cookie2|date|user-agent|accept-encoding|proxy-.*|content-.*|webhook-.*|svix-.*|ce-.*|portolan-.*)$/

/** What is wrong with header fields that an owner wants to be sent, by name; empty where all is right. */
export function headerFaults(headers: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  const faults = new Map<string, string>()
  const entries = Object.entries(headers)
  for (const [name, value] of entries) {
    if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/.test(name)) faults.set(name, 'is not the name of a header field')
    else if (denied.test(name.toLowerCase())) faults.set(name, 'is set by the sender')
    else if (!/^[\t\x20-\x7e]*$/.test(value)) faults.set(name, 'may hold printable ASCII only')
  }
  const names = new Set(entries.map(([name]) => name.toLowerCase()))
  if (names.size < entries.length) faults.set('', 'names a header field twice')
  if (entries.length > most) faults.set('', `has more than ${most} header fields`)
  if (entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0) > mostBytes)
    faults.set('', `is longer than ${mostBytes} bytes`)
  return faults
}

/** By lower-case name. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]))
}
