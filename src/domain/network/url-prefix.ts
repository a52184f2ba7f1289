import { parseHost } from './host.ts'

/** A host and the beginning of a path, in canonical form: `storage.example.com/release/`. */
export interface ParsedUrlPrefix {
  readonly value: string
}
type Fault = { readonly fault: string }

/** Reads a host and a path. The path is compared as it is written, upper and lower case apart, as RFC 3986 says. */
export function parseUrlPrefix(text: string): ParsedUrlPrefix | Fault {
  if (text.includes('://')) return { fault: 'has a scheme: write the host and the path alone' }
  if (/[?#]/.test(text)) return { fault: 'has a query or a fragment: write the host and the path alone' }
  const slash = text.indexOf('/')
  if (slash < 0 || slash === text.length - 1) return { fault: 'has no path: write it as an endpoint of kind host' }
  const [name, path] = [text.slice(0, slash), text.slice(slash)]
  if (/:\d*$/.test(name)) return { fault: 'has a port: ports belong to services' }
  if (name.includes('*')) return { fault: 'has a wildcard in its host, which a URL cannot have' }
  const host = parseHost(name)
  if ('fault' in host) return host
  if (!/^(?:[\w\-.~!$&'()+,;=:@/]|%[0-9A-Fa-f]{2})+$/.test(path))
    return { fault: 'has a character in its path that RFC 3986 does not allow there: write it percent-encoded' }
  if (/\/\.{1,2}(?:\/|$)/.test(path)) return { fault: 'has . or .. as a part of its path: write where it leads' }
  return { value: host.value + path }
}

/** The host of a canonical URL. */
export function urlHost(value: string): string {
  return value.slice(0, value.indexOf('/'))
}
