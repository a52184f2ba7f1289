import { canonicalJson } from '../json/canonical-json.ts'
import { sha256 } from '../json/sha256.ts'
import type { NewEvent } from './event.ts'

/**
 * The checksum of an entry of the log: the SHA-256 over the RFC 8785 form of all that was decided of it, its deduplication key included. The
 * `seq` is not in it, since the store gives that while it writes; that the log has no gap proves it instead.
 */
export function eventChecksum(event: NewEvent): string {
  return sha256(canonicalJson(event))
}
