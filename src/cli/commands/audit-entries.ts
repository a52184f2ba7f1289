import { PortolanError } from '../../domain/errors.ts'
import { parseJson } from '../../domain/json/json.ts'
import { decodeSource } from '../../domain/json/source-text.ts'
import { type AuditEntry, parseAuditEntries, type WrittenEntry } from '../../domain/lookup/audit-entry.ts'
import { validatorCompiler } from '../../http/request/validation.ts'
import { AuditBodySchema } from '../../http/schema/audit-schema.ts'

/**
 * Reads what a firewall has: the JSON that REST takes, or one destination a line, with its port behind it where it is known.
 * @throws PortolanError `malformed_body`, or `invalid_body` with every fault
 */
export function readAuditEntries(bytes: Uint8Array): readonly AuditEntry[] {
  const source = decodeSource(bytes)
  if ('fault' in source) throw new PortolanError('malformed_body', `The list ${source.fault}.`)
  return parseAuditEntries(/^\s*\{/.test(source.text) ? jsonEntries(bytes) : lineEntries(source.text))
}

function lineEntries(text: string): readonly WrittenEntry[] {
  return text.split('\n').flatMap((content, index): readonly WrittenEntry[] => {
    const [value = '', ...rest] = content.replace(/#.*/, '').trim().split(/\s+/)
    if (value === '') return []
    // More than a port is one text too, which is refused as no port.
    return [{ value, place: `line ${index + 1}: `, ...(rest.length > 0 && { port: rest.join(' ') }) }]
  })
}

function jsonEntries(bytes: Uint8Array): readonly WrittenEntry[] {
  const read = parseJson(bytes)
  if ('fault' in read) throw new PortolanError('malformed_body', `The list ${read.fault}.`)
  const validate = validatorCompiler()({ schema: AuditBodySchema, method: 'POST', url: '', httpPart: 'body' })
  const checked = validate(read.value)
  if (typeof checked === 'object' && 'error' in checked && checked.error instanceof Error) throw checked.error
  // Checked against the schema of the body in the lines before.
  const { entries } = read.value as { readonly entries: readonly (string | WrittenEntry)[] }
  return entries.map((entry) => (typeof entry === 'string' ? { value: entry } : entry))
}
