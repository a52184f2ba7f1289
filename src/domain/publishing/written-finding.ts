import { canonicalValue } from '../document/document-reader.ts'
import type { Place } from '../errors.ts'
import { pointerTo, tokensOf } from '../json/pointer.ts'
import { findAll, type Source } from '../json/span.ts'
import type { GuardRailFinding } from './guard-rail-finding.ts'

/** A document as it was sent: its text, and the value that was read of it. */
export interface WrittenText {
  readonly value: unknown
  readonly source: Source
}

/**
 * The findings with the places in the text that they are about. What vanished has none of its own: it is found at what is left around it,
 * as a fault about something that is missing.
 */
export function placedFindings<Finding extends Pick<GuardRailFinding, 'pointer'>>(
  findings: readonly Finding[],
  { value, source }: WrittenText
): readonly (Finding & Partial<Place>)[] {
  const pointers = findings.map(({ pointer }) => writtenPointer(pointer, value))
  const find = findAll(source, pointers, new Set())
  return findings.map((finding, index) => ({ ...finding, ...find(pointers[index] ?? '')?.place }))
}

/** A pointer that reads lists by key, as a pointer into the value: as far as that has what it names. */
function writtenPointer(pointer: string, value: unknown): string {
  let [at, node] = ['', value]
  for (const token of tokensOf(pointer)) {
    const step = Array.isArray(node) ? node.findIndex((item) => isNamed(item, token)) : token
    const next = memberOf(node, step)
    at += pointerTo(step)
    if (next === undefined) return Array.isArray(node) ? at.slice(0, at.lastIndexOf('/')) : at
    node = next
  }
  return at
}

function memberOf(node: unknown, step: string | number): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, step) : undefined
}

/** Requirements are named by their key, and endpoints by kind and value. */
function isNamed(item: unknown, name: string): boolean {
  if (typeof item !== 'object' || item === null) return false
  if ('key' in item) return item.key === name
  if (!('kind' in item)) return false
  const value = 'value' in item && typeof item.value === 'string' ? `:${canonicalValue(item.value)}` : ''
  return name === `${item.kind}${value}`
}
