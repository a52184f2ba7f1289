import type { Instant } from '../time/instant.ts'

/**
 * `Last-Modified` of an answer that last changed at an instant, as it may be sent at another one; undefined while the second of the change
 * is not over. Its resolution is a second, so an earlier answer of the same second would have the same field.
 */
export function lastModifiedAt(changed: Instant, now: Instant): string | undefined {
  const second = Math.floor(changed / 1000)
  return second < Math.floor(now / 1000) ? new Date(second * 1000).toUTCString() : undefined
}

/**
 * Whether `If-Modified-Since` names the very answer that changed at an instant. RFC 9110 section 13.1.3 lets a later date count as well,
 * but a publish whose clock was behind could then be missed for ever, so only the date that was sent counts.
 */
export function isUnmodified(header: string | undefined, changed: Instant | undefined, now: Instant): boolean {
  return header !== undefined && changed !== undefined && header === lastModifiedAt(changed, now)
}
