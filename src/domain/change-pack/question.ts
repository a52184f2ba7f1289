import { canonicalJson } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import { formatInstant, type Instant } from '../time/instant.ts'

/** The two states between which a change pack leads, with every label, tag and seq resolved. */
export type ResolvedSpan =
  | { readonly from: number; readonly to: number }
  | { readonly at: Instant }
  | { readonly since: { readonly revision: number; readonly at: Instant } }

/** What a change pack is asked for. Filters are as they were written. */
export type PackQuestion = ({ readonly catalogue: string } | { readonly site: string }) & {
  readonly span: ResolvedSpan
  readonly filters?: Readonly<Record<string, readonly (string | number)[]>>
  /** As it was written. */
  readonly lead?: string
}

/**
 * The first 16 hexadecimal digits of the SHA-256 of the canonical JSON of a question. Whatever spelling or format was asked for, it is the same,
 * so that a ticket system can tell that it has the work already.
 */
export function packId({ span, filters = {}, ...question }: PackQuestion): string {
  const sorted = Object.fromEntries(Object.entries(filters).map(([name, values]) => [name, values.map(String).sort()]))
  return sha256(canonicalJson({ ...sorted, ...question, ...writtenSpan(span) })).slice(7, 23)
}

function writtenSpan(span: ResolvedSpan): object {
  if ('at' in span) return { at: formatInstant(span.at) }
  if ('since' in span) return { since: { revision: span.since.revision, at: formatInstant(span.since.at) } }
  return span
}
