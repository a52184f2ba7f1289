import { createHash } from 'node:crypto'
import type { Revision } from '../history/revision.ts'
import type { Instant } from '../time/instant.ts'

/** The facts that an answer about one catalogue depends on: two answers with the same facts have the same bytes. */
export interface TagFacts {
  readonly revision: Pick<Revision, 'number' | 'digest'>
  /** The last transition up to the instant of the read. Absent where there is none, and where the answer has no instant. */
  readonly transition?: Instant
  /** The canonical query without its clocks. */
  readonly query: string
  readonly representation: string
}

/** The opaque part of a strong ETag: `2-3f9a1c0d2b4e-1542844800000-1f2e3d4c-json`. */
export function tagOf({ revision, transition, query, representation }: TagFacts): string {
  return `${revision.number}-${revision.digest.slice(7, 23)}-${transition ?? 0}-${shortHash(query)}-${representation}`
}

/** The tag of an answer that is not about one revision: the hash of its bytes. */
export function contentTag(bytes: Uint8Array, representation: string): string {
  return `${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}-${representation}`
}

/** The first 12 hexadecimal digits of the SHA-256 of a text. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

const gzipSuffix = '-gzip'

/** The tag of the gzip encoding of the same representation. */
export function gzipTag(tag: string): string {
  return `${tag}${gzipSuffix}`
}

/**
 * The entity tags of a list without quotes; `*` stays as it is. RFC 9110 section 8.8.3. A weak tag is read as the strong one: our tags name
 * the content, and proxies that compress answers make them weak, as nginx does.
 */
export function listedTags(header: string): readonly string[] {
  return [...header.matchAll(/(?:W\/)?"([^"]*)"|(\*)/g)].map(([, tag, star]) => tag ?? star ?? '')
}

/** Whether `If-None-Match` names the tag of the answer (`etag`, quoted), in either encoding, since both have the same content. */
export function isNotModified(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false
  if (header === etag) return true
  const plain = withoutGzip(etag.slice(1, -1))
  return listedTags(header).some((listed) => listed === '*' || withoutGzip(listed) === plain)
}

function withoutGzip(tag: string): string {
  return tag.endsWith(gzipSuffix) ? tag.slice(0, -gzipSuffix.length) : tag
}
