import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'
import { decodeSource } from '../../domain/json/source-text.ts'
import { readAuditBody, type WrittenEntry } from '../../domain/lookup/audit-entry.ts'

/**
 * Reads the destinations of a firewall: the JSON that REST takes, or one destination on each line, optionally followed by its port.
 * @throws PortolanError `malformed_body`, or `invalid_body` where the JSON is no list of entries
 */
export function readAuditEntries(bytes: Uint8Array): readonly WrittenEntry[] {
  const source = decodeSource(bytes)
  if ('fault' in source) throw new PortolanError('malformed_body', `The list ${source.fault}.`)
  return /^\s*\{/.test(source.text) ? jsonEntries(bytes) : lineEntries(source.text)
}

function lineEntries(text: string): readonly WrittenEntry[] {
  return text
    .split('\n')
    .flatMap((line, index): readonly WrittenEntry[] =>
      /^\s*(?:#|$)/.test(line) ? [] : [{ value: line.trim(), place: `line ${index + 1}: ` }]
    )
}

function jsonEntries(bytes: Uint8Array): readonly WrittenEntry[] {
  const read = parseJson(bytes)
  if ('fault' in read) throw new PortolanError('malformed_body', `The list ${read.fault}.`)
  return readAuditBody(read.value)
}
