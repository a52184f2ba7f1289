import { JsonRefusal, Scanner } from './json-scanner.ts'
import { spansInJson } from './json-span.ts'
import { decodeSource, type Unreadable, unreadable } from './source-text.ts'
import type { Source } from './span.ts'

/**
 * Reads JSON strictly (RFC 8259 with the limits of I-JSON, RFC 7493). Beyond what `JSON.parse` refuses, these are faults: duplicate keys,
 * `__proto__`, lone surrogates, numbers that overflow, and more than 100 levels. A fault names its line and column.
 */
export function parseJson(bytes: Uint8Array): { readonly value: unknown; readonly source: Source } | Unreadable {
  const decoded = decodeSource(bytes)
  if ('fault' in decoded) return decoded
  const { text } = decoded
  try {
    new Scanner(text).scan()
  } catch (error) {
    if (error instanceof JsonRefusal) return unreadable(text, error.offset, error.message)
    throw error
  }
  return { value: JSON.parse(text), source: { text, spansOf: (pointers) => spansInJson(text, pointers) } }
}
