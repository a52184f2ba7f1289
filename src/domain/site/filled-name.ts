import { parseHost } from '../network/host.ts'
import { parsePattern } from '../network/pattern.ts'

type FilledName = { readonly kind: 'host' | 'pattern'; readonly value: string } | { readonly fault: string }

/** A pattern with a value in the place of one of its variables: a host name where nothing else is open, else a pattern still. */
export function filledName(pattern: string, variable: string, value: string): FilledName {
  const name = pattern.replaceAll(`<${variable}>`, value)
  const host = parseHost(name)
  if ('value' in host) return { kind: 'host', value: host.value }
  const parsed = parsePattern(name)
  if ('value' in parsed) return { kind: 'pattern', value: parsed.value }
  return { fault: /[*<]/.test(name) ? parsed.fault : host.fault }
}
