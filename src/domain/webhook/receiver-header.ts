const most = 10
const mostBytes = 4096

/** Names of header fields that the sender sets, or that would change who gets the request or how its body is read. */
const denied =
  /^(host|forwarded|x-forwarded(-.*)?|x-real-ip|x-original-(url|host|forwarded-for|method)|x-rewrite-url|via|x-http-method(-override)?|x-method-override|connection|keep-alive|upgrade|expect|te|trailer|transfer-encoding|cookie|cookie2|date|user-agent|accept-encoding|proxy-.*|content-.*|webhook-.*|svix-.*|ce-.*|portolan-.*)$/

/** The faults of header fields that an owner wants to be sent, by name. The fault of all fields together has the name ''. */
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

/** Header fields with lower-case names, and values without outer white space. */
export function canonicalHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.trim()]))
}
