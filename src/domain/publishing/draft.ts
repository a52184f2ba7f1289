import type { Document } from '../document/document.ts'
import { parseDocument } from '../document/parse-document.ts'
import { type Fault, PortolanError } from '../errors.ts'
import { parseJson } from '../json/json.ts'
import { parseYaml } from '../json/yaml.ts'
import type { Instant } from '../time/instant.ts'

export type Notation = 'json' | 'yaml'

/** What an author sent, as it came. `id`: the catalogue that it must be for, where that is said elsewhere too. */
export interface Manuscript {
  readonly bytes: Uint8Array
  readonly notation: Notation
  readonly id?: string
}

/** A document that cannot be published as it is, with every fault at once. */
export interface FaultyDraft {
  readonly faults: readonly Fault[]
}

/**
 * Reads a document as it was sent.
 * @throws PortolanError `malformed_body` where it is no JSON or YAML.
 */
export function readDraft({ bytes, notation, id }: Manuscript): Draft | FaultyDraft {
  const read = notation === 'json' ? parseJson(bytes) : parseYaml(bytes)
  if ('fault' in read) throw new PortolanError('malformed_body', `The document ${read.fault}.`)
  return parseDocument(read.value, id === undefined ? {} : { id })
}

export function invalidDocument({ faults }: FaultyDraft): PortolanError {
  const count = faults.length === 1 ? 'one fault' : `${faults.length} faults`
  return new PortolanError('invalid_document', `The document has ${count}; nothing was stored.`, { faults })
}

/** A document that passed its checks, with the instruction that came with it. */
export interface Draft {
  readonly document: Document
  readonly publishedAt?: Instant
}
