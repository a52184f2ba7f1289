import { type AuditEntry, parseAuditEntry } from '../domain/audit.ts'
import { type Fault, PortolanError } from '../domain/errors.ts'
import { parseJson } from '../domain/json.ts'
import { decodeSource } from '../domain/source-text.ts'
import { AuditBodySchema } from '../http/audit-schema.ts'
import { validatorCompiler } from '../http/validation.ts'

/** An entry as it was written, and in a list of lines, where. */
interface WrittenEntry {
  readonly value: string
  readonly port?: string
  readonly line?: number
}

/**
 * Reads what a firewall has: the JSON that REST takes, or one destination a line, with its port behind it where it is known.
 * @throws PortolanError `malformed_body`, or `invalid_body` with every fault
 */
export function readAuditEntries(bytes: Uint8Array): readonly AuditEntry[] {
  const source = decodeSource(bytes)
  if ('fault' in source) throw new PortolanError('malformed_body', `The list ${source.fault}.`)
  const written = /^\s*\{/.test(source.text) ? jsonEntries(bytes) : lineEntries(source.text)
  const faults: Fault[] = []
  const entries = written.flatMap(({ value, port, line }, index) => {
    try {
      return [parseAuditEntry(value, port)]
    } catch (error) {
      if (!(error instanceof PortolanError)) throw error
      const place = line === undefined ? '' : `line ${line}: `
      faults.push({ pointer: `/entries/${index}`, code: error.code, detail: place + error.message })
      return []
    }
  })
  if (faults.length === 0) return entries
  throw new PortolanError('invalid_body', `${faults.length} of ${written.length} entries cannot be read.`, { faults })
}

function lineEntries(text: string): readonly WrittenEntry[] {
  return text.split('\n').flatMap((content, index): readonly WrittenEntry[] => {
    const [value = '', ...rest] = content.replace(/#.*/, '').trim().split(/\s+/)
    if (value === '') return []
    // More than a port is one text too, which is refused as no port.
    return [{ value, line: index + 1, ...(rest.length > 0 && { port: rest.join(' ') }) }]
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
