import type { Document } from '../document/document.ts'
import { knownOf } from '../document/known-requirement.ts'
import { parseDocument } from '../document/parse-document.ts'
import { type Fault, PortolanError } from '../errors.ts'
import { isTruncated } from '../json/faults.ts'
import { parseJson } from '../json/json.ts'
import type { Unreadable } from '../json/source-text.ts'
import { parseYaml } from '../json/yaml.ts'
import { formatInstant, type Instant } from '../time/instant.ts'
import type { WrittenText } from './written-finding.ts'

export type Notation = 'json' | 'yaml'

/** A document as an author sent it. */
export interface Manuscript {
  readonly bytes: Uint8Array
  readonly notation: Notation
  /** The catalogue that the document must be for, if it is known from elsewhere. */
  readonly id?: string
  /** Whether the author sent a value, and the bytes were made of it: then their lines are nothing that the author knows. */
  readonly isRewritten?: boolean
}

/** A document with faults, all of them at once. */
export interface FaultyDraft {
  readonly faults: readonly Fault[]
}

/**
 * Reads a manuscript. `head`: the document of the catalogue as it is; what stays as it is there is not read again.
 * @throws PortolanError `malformed_body` where it is not JSON or YAML.
 */
export function readDraft(
  { bytes, notation, id, isRewritten = false }: Manuscript,
  head?: Document
): Draft | FaultyDraft {
  const { value, source } = readValue({ bytes, notation })
  const parsed = parseDocument(value, {
    ...(id !== undefined && { id }),
    ...(!isRewritten && { source }),
    ...(head && { known: knownOf(head) })
  })
  return 'faults' in parsed || isRewritten ? parsed : { ...parsed, written: { value, source } }
}

/**
 * The value that a manuscript writes, with its text.
 * @throws PortolanError `malformed_body` where it is not JSON or YAML.
 */
export function readValue({ bytes, notation }: Pick<Manuscript, 'bytes' | 'notation'>): WrittenText {
  const read = notation === 'json' ? parseJson(bytes) : parseYaml(bytes)
  if ('fault' in read) throw malformed(read)
  return read
}

function malformed({ fault, place }: Unreadable): PortolanError {
  const faults = place ? [{ pointer: '', code: 'unreadable', detail: fault, ...place }] : []
  return new PortolanError('malformed_body', `The document ${fault}.`, { faults })
}

export function invalidDocument({ faults }: FaultyDraft): PortolanError {
  const isPart = isTruncated(faults)
  const count =
    faults.length === 1 ? 'one fault' : isPart ? `more than ${faults.length} faults` : `${faults.length} faults`
  return new PortolanError('invalid_document', `The document has ${count}; nothing was stored.`, {
    faults,
    ...(isPart && { extra: { truncated: true } })
  })
}

/** A document without faults, with the time of its publication if the author gave one. */
export interface Draft {
  readonly document: Document
  readonly publishedAt?: Instant
  /** What the author sent, where it was a text. */
  readonly written?: WrittenText
}

/** The text that publishes a draft, for whoever takes nothing else. */
export function writtenDraft({ document, publishedAt }: Draft): Manuscript {
  const edition =
    publishedAt === undefined ? document.edition : { ...document.edition, publishedAt: formatInstant(publishedAt) }
  return { bytes: Buffer.from(JSON.stringify({ ...document, edition })), notation: 'json', isRewritten: true }
}
