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
 * Reads what a firewall has: the JSON that REST takes, or one destination a line, with its port behind it where it is known.
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
    // More than a port is one text too, which is refused as no port.
    return [{ value, place: `line ${index + 1}: `, ...(rest.length > 0 && { port: rest.join(' ') }) }]
  })
}

function jsonEntries(bytes: Uint8Array): readonly AuditEntry[] {
  const read = parseJson(bytes)
  if ('fault' in read) throw new PortolanError('malformed_body', `The list ${read.fault}.`)
  return readAuditBody(read.value)
}
