import { quote } from '../json/source-text.ts'
import { parseHost } from './host.ts'

/**
 * A pattern of host names in canonical form. `*` stands for one or more characters of one label, `<name>` for a variable that the customer
 * fills in, which is one or more characters of one label too.
 */
export interface ParsedPattern {
  readonly value: string
}
type Fault = { readonly fault: string }

/** The most asterisks and variables in one pattern. */
const mostWildcards = 8

/** Reads a pattern, such as `*cdn.onenote.net`, `monitoring.*.amazonaws.com` or `<tenant>.sharepoint.com`. The last two labels are plain. */
export function parsePattern(text: string): ParsedPattern | Fault {
  if (/[^\x21-\x7e]/.test(text)) return { fault: 'has a character that no pattern has: write names as A-labels' }
  const value = text
    .replace(/\.$/, '')
    .replace(/<[^<>]*>|[A-Z]/g, (part) => (part.length > 1 ? part : part.toLowerCase()))
  const odd = variablesOf(value).find((name) => !/^[a-z0-9]+(?:[-_][a-z0-9]+)*$/.test(name))
  if (odd !== undefined)
    return { fault: `has a variable ${quote(odd)}: write the key of one of variables, such as <tenant>` }
  const wildcards = value.match(wildcard) ?? []
  if (wildcards.length === 0) return { fault: 'has no asterisk and no variable: write it as an endpoint of kind host' }
  if (wildcards.length > mostWildcards) return { fault: `has more than ${mostWildcards} asterisks and variables` }
  if (/[*>][*<]/.test(value)) return { fault: 'has two asterisks or variables in a row, which is the same as one' }
  const labels = value.split('.')
  if (labels.slice(-2).some((label) => /[*<>]/.test(label)) || labels.length < 3)
    return { fault: 'needs two plain labels at its end, as in *cdn.example.net' }
  if (value === `*.${patternSuffix(value)}`)
    return { fault: `stands for the names under ${patternSuffix(value)}: write it as an endpoint of kind host` }
  const [sample, above] = [parseHost(value.replace(wildcard, 'x')), parseHost(`*.${patternSuffix(value)}`)]
  if ('fault' in sample) return sample
  return 'fault' in above ? above : { value }
}

const wildcard = /\*|<[^<>]*>/g

/** The names of the variables of a pattern, in its order. */
export function variablesOf(value: string): readonly string[] {
  return [...value.matchAll(/<([^<>]*)>/g)].map(([, name = '']) => name)
}

/** Whether a canonical value is a pattern, and not a host or a wildcard. */
export function isPattern(value: string): boolean {
  return /[*<]/.test(value.startsWith('*.') ? value.slice(2) : value)
}

/** The plain labels at the end of a pattern: `onenote.net` for `*cdn.onenote.net`. All its names lie under this one. */
export function patternSuffix(value: string): string {
  const labels = value.split('.')
  return labels.slice(labels.findLastIndex((label) => /[*<>]/.test(label)) + 1).join('.')
}

/** Whether a pattern stands for a canonical host name. */
export function patternCovers(pattern: string, host: string): boolean {
  const [labels, names] = [pattern.split('.'), host.split('.')]
  return labels.length === names.length && labels.every((label, index) => labelCovers(label, names[index] ?? ''))
}

/** The plain parts have to follow each other with at least one character between them. */
function labelCovers(label: string, name: string): boolean {
  const [first = '', ...rest] = label.split(wildcard)
  const last = rest.pop()
  if (last === undefined) return name === first
  if (!name.startsWith(first) || name.startsWith('*')) return false
  let at = first.length
  for (const part of rest) {
    const next = name.indexOf(part, at + 1)
    if (next < 0) return false
    at = next + part.length
  }
  return name.endsWith(last) && name.length - last.length > at
}

/** Whether each asterisk of a pattern is a whole label, as many tools want it. */
export function hasWholeLabels(pattern: string): boolean {
  return pattern.split('.').every((label) => label === '*' || !/[*<]/.test(label))
}

/** A regular expression for the names of a pattern, in lower case: the same in POSIX (extended) and in ECMAScript. */
export function patternExpression(value: string): string {
  return `^${value
    .split('.')
    .map((label) => label.replace(wildcard, '[^.]+'))
    .join('\\.')}$`
}
