import { isIP } from 'node:net'
import { domainToASCII } from 'node:url'
import { parse as parseDomain } from 'tldts'
import { cleanText, codePointName } from '../text.ts'

/** A canonical host name: lower-case A-labels without a final dot; `*.name` for the subdomains of a name. */
export interface ParsedHost {
  readonly value: string
}
type Fault = { readonly fault: string }

/** Names are canonical when the public suffix list is asked. */
const plainNames = { extractHostname: false, validateHostname: false, detectIp: false } as const

const longestLabel = 63
const longestName = 253

/**
 * Reads a host name (RFC 1123 with underscores, as DNS has them; IDNA by UTS 46, non-transitional) or a wildcard. A wildcard is a whole
 * leading label, and stands for subdomains at any depth, but not for the name itself. A single label is an internal name, and allowed.
 */
export function parseHost(text: string): ParsedHost | Fault {
  const fault = characterFault(text)
  if (fault !== undefined) return { fault }
  const wildcard = text.startsWith('*.')
  const written = wildcard ? text.slice(2) : text
  if (written.includes('*'))
    return {
      fault: `has a wildcard that is not a whole leading label: write it as an endpoint of kind pattern${widerHint(written)}`
    }
  const ascii = toAscii(written)
  if (ascii === undefined) return { fault: 'is not a valid internationalised name' }
  const name = ascii.endsWith('.') ? ascii.slice(0, -1) : ascii
  const value = wildcard ? `*.${name}` : name
  const wrong = nameFault(name) ?? (wildcard ? wildcardFault(name) : undefined)
  if (wrong !== undefined) return { fault: wrong }
  if (value.length > longestName) return { fault: `is longer than ${longestName} characters` }
  return { value }
}

/** Whether `pattern` covers all names that `host` stands for: it is the same text, or a wildcard above the name or narrower wildcard. */
export function hostCovers(pattern: string, host: string): boolean {
  return pattern === host || (pattern.startsWith('*.') && host.endsWith(pattern.slice(1)))
}

/**
 * The suffix of the private section of the public suffix list (https://publicsuffix.org) that a wildcard stands directly under, as
 * `github.io` for `*.github.io`: anyone can have a name there. Undefined for other wildcards and names.
 */
export function wildcardSuffix(value: string): string | undefined {
  if (!value.startsWith('*.')) return undefined
  const name = value.slice(2)
  // The list has wildcards of its own, below which each label is a suffix.
  const isPrivate = [name, `x.${name}`].some((suffix) => {
    const found = parseDomain(suffix, { ...plainNames, allowPrivateDomains: true })
    return found.publicSuffix === suffix && found.isPrivate === true
  })
  return isPrivate ? name : undefined
}

function characterFault(text: string): string | undefined {
  if (/^[\w.*-]*$/.test(text)) return undefined
  const odd = /[^\w.*\-\u0080-\u{10ffff}]/u.exec(text)?.[0]
  if (odd !== undefined) return oddFault(text, odd)
  const clean = cleanText(text, 'one')
  return 'fault' in clean ? clean.fault : undefined
}

function oddFault(text: string, odd: string): string {
  if (isIP(text) || /^[0-9a-f.:]+\/\d+$/i.test(text)) return 'is an IP address: write it as an endpoint of kind address'
  if (text.includes('://')) return 'is a URL: write the host name alone'
  if (odd === '/') return 'has a path: write the host name alone'
  if (odd === ':') return 'has a port: write the host name alone; ports belong to services'
  if (odd === ' ') return 'contains a space: write one host name, without spaces'
  return `contains ${odd < ' ' || odd === '\x7f' ? codePointName(odd) : odd}, which no host name has`
}

/** The wildcard that would be wider than a name with asterisks. */
function widerHint(name: string): string {
  const plain = name.slice(name.lastIndexOf('*') + 1)
  const above = plain.slice(plain.indexOf('.') + 1)
  return plain.includes('.') && above.includes('.') ? `; *.${above} would be wider` : ''
}

function toAscii(name: string): string | undefined {
  if (!/[^\0-\x7f]|xn--/i.test(name)) return name.toLowerCase()
  const ascii = domainToASCII(name)
  return ascii === '' || /[^a-z0-9_.-]/.test(ascii) ? undefined : ascii
}

const plainName = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/

function nameFault(name: string): string | undefined {
  // Nearly all names are plain; only the others need a closer look.
  if (plainName.test(name)) return undefined
  if (name === '') return 'is empty: write a host name such as www.example.net'
  const labels = name.split('.')
  for (const label of labels) {
    if (label === '') return 'has an empty label: two dots in a row, or one at the start'
    if (label.length > longestLabel) return `has a label of more than ${longestLabel} characters`
    if (label.startsWith('-') || label.endsWith('-')) return `has a hyphen at an end of the label ${label}`
  }
  // Browsers and resolvers take a name that ends in a number for an IPv4 address.
  if (/^(?:\d+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? ''))
    return isIP(name)
      ? 'is an IP address: write it as an endpoint of kind address'
      : 'ends in a number, so it is no host name; an IP address is an endpoint of kind address'
  return undefined
}

function wildcardFault(name: string): string | undefined {
  const { publicSuffix, isIcann } = parseDomain(name, { ...plainNames, allowPrivateDomains: false })
  if (publicSuffix !== name || !isIcann) return undefined
  return `covers all of ${name}, under which anyone can register a name: write *.example.${name}`
}
