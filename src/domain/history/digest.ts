import { createHash } from 'node:crypto'
import type { Document } from '../document/document.ts'
import { canonicalJson, canonicalPieces } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import { formatInstant } from '../time/instant.ts'
import type { Revision } from './revision.ts'

/** The digest of a document: SHA-256 over its RFC 8785 form, edition included. */
export function documentDigest(document: Document): string {
  const hash = createHash('sha256')
  // Piece by piece: a large document as one text costs more to put together than to hash.
  for (const piece of canonicalPieces(document)) hash.update(piece)
  return `sha256:${hash.digest('hex')}`
}

/**
 * The link of a revision in the chain of its catalogue: SHA-256 over the RFC 8785 form of its predecessor's link and its own
 * facts. Whoever keeps one link can prove that nothing before it was altered.
 */
export function chainLink(
  previous: string | undefined,
  revision: Omit<Revision, 'chain' | 'counts' | 'transitions'>
): string {
  const { publishedAt, recordedAt, ...facts } = revision
  return sha256(
    canonicalJson({
      previous,
      ...facts,
      publishedAt: formatInstant(publishedAt),
      recordedAt: formatInstant(recordedAt)
    })
  )
}
