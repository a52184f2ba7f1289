import { JsonRefusal, Scanner } from './json-scanner.ts'
import { decodeSource } from './source-text.ts'

/**
 * Reads JSON strictly (RFC 8259 with the limits of I-JSON, RFC 7493). Beyond what `JSON.parse` refuses, these are faults: duplicate keys,
 * `__proto__`, lone surrogates, numbers that overflow, and more than 100 levels. A fault names its line and column.
 */
export function parseJson(bytes: Uint8Array): { readonly value: unknown } | { readonly fault: string } {
  const source = decodeSource(bytes)
  if ('fault' in source) return source
  try {
    new Scanner(source.text).scan()
  } catch (error) {
    if (error instanceof JsonRefusal) return { fault: error.message }
    throw error
  }
  return { value: JSON.parse(source.text) }
}
