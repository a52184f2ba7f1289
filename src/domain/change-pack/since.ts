import { PortolanError } from '../errors.ts'
import { listedTags } from '../read/etag.ts'
import type { Instant } from '../time/instant.ts'

/** What somebody loaded last: an answer with an ETag, or all events up to a seq. */
export type Since =
  | { readonly kind: 'tag'; readonly number: number; readonly digest: string; readonly transition: Instant | undefined }
  | { readonly kind: 'seq'; readonly seq: number }

/**
 * Reads a seq, or the ETag of any answer about one revision: with or without quotes, weak or strong, of either encoding. `digest` is the
 * part of the digest that the tag has.
 * @throws PortolanError `unknown_tag`
 */
export function parseSince(text: string): Since {
  if (/^\d{1,15}$/.test(text)) return { kind: 'seq', seq: Number(text) }
  const tag = listedTags(text)[0] ?? text
  const [, number, digest, transition] = /^(\d{1,9})-([0-9a-f]{16})-(-?\d{1,16})-[0-9a-f]{12}-/.exec(tag) ?? []
  if (number === undefined || digest === undefined)
    throw new PortolanError(
      'unknown_tag',
      `since=${text.slice(0, 100)} is neither a seq nor the ETag of a view, an export or a document of this service.`
    )
  const instant = Number(transition)
  return { kind: 'tag', number: Number(number), digest, transition: instant === 0 ? undefined : instant }
}
