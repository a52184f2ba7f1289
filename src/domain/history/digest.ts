import { createHash } from 'node:crypto'
import type { Document } from '../document/document.ts'
import { canonicalJson, canonicalPieces } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import { formatInstant } from '../time/instant.ts'
import type { Revision } from './revision.ts'

/** The digest of a document: the SHA-256 over its RFC 8785 form, edition included. */
export function documentDigest(document: Document): string {
  const hash = createHash('sha256')
  // Piece by piece, since putting a large document together as one text costs more than hashing it.
  for (const piece of canonicalPieces(document)) hash.update(piece)
  return `sha256:${hash.digest('hex')}`
}

/**
 * The link of a revision in the chain of its catalogue: the SHA-256 over the RFC 8785 form of the link of its predecessor and its own
 * facts. With one link somebody can prove that no revision before it was altered.
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
