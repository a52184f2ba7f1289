import type { Instant } from '../time/instant.ts'

/** The field `Last-Modified` of an answer: made once, since writing a date costs more than finding a kept answer. */
export interface LastModified {
  readonly text: string
  /** It may be sent from then on: its resolution is a second, so an earlier answer of the same second would have the same field. */
  readonly from: Instant
}

/** `changed`: when the answer last changed. */
export function lastModifiedOf(changed: Instant): LastModified {
  const second = Math.floor(changed / 1000) * 1000
  return { text: new Date(second).toUTCString(), from: second + 1000 }
}

/** The field as it may be sent now; undefined while the second of the change is not over. */
export function sentLastModified(modified: LastModified | undefined, now: Instant): string | undefined {
  return modified !== undefined && now >= modified.from ? modified.text : undefined
}

/**
 * Whether `If-Modified-Since` names the very answer. RFC 9110 section 13.1.3 lets a later date count as well, but a publish whose clock was
 * behind could then be missed for ever, so only the date that was sent counts.
 */
export function isUnmodified(header: string | undefined, modified: LastModified | undefined, now: Instant): boolean {
  return header !== undefined && header === sentLastModified(modified, now)
}
