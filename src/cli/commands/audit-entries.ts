import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'
import { decodeSource } from '../../domain/json/source-text.ts'
import {
  type AuditEntry,
  parseAuditEntries,
  readAuditBody,
  type WrittenEntry
} from '../../domain/lookup/audit-entry.ts'

/**
 * Reads the destinations of a firewall: the JSON that REST takes, or one destination on each line, optionally followed by its port.
 * @throws PortolanError `malformed_body`, or `invalid_body` with every fault
 */
export function readAuditEntries(bytes: Uint8Array): readonly AuditEntry[] {
  const source = decodeSource(bytes)
  if ('fault' in source) throw new PortolanError('malformed_body', `The list ${source.fault}.`)
  return /^\s*\{/.test(source.text) ? jsonEntries(bytes) : parseAuditEntries(lineEntries(source.text))
}

function lineEntries(text: string): readonly WrittenEntry[] {
  return text.split('\n').flatMap((content, index): readonly WrittenEntry[] => {
    const [value = '', ...rest] = content.replace(/#.*/, '').trim().split(/\s+/)
    if (value === '') return []
    // Further words are kept as part of the port, so that they are refused as no port.
    return [{ value, place: `line ${index + 1}: `, ...(rest.length > 0 && { port: rest.join(' ') }) }]
  })
}

function jsonEntries(bytes: Uint8Array): readonly AuditEntry[] {
  const read = parseJson(bytes)
  if ('fault' in read) throw new PortolanError('malformed_body', `The list ${read.fault}.`)
  return readAuditBody(read.value)
}
