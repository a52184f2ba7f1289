import type { Instant } from '../../domain/time/instant.ts'

/** Cache-Control of an answer that the clock changes: `max-age` is at most 60 s, and never runs past `until`. */
export function movingCacheControl(prefix: string, now: Instant, until: Instant): string {
  const seconds = Math.max(0, Math.min(60, secondsLeft(now, until)))
  return `${prefix}max-age=${seconds}, must-revalidate`
}

/** How long caches that clients share may give an old answer, in seconds: while they ask for a new one, and while the service is away. */
const [whileAskingSeconds, whileAwaySeconds] = [10, 3600]

/**
 * CDN-Cache-Control (RFC 9213) of an answer that the clock changes and that everybody may have: how long caches that clients share keep it,
 * and for how long after that they may give it all the same (RFC 5861). No time runs past `until`.
 */
export function sharedCacheControl(now: Instant, until: Instant): string {
  const seconds = Math.max(0, secondsLeft(now, until))
  const fresh = Math.min(60, seconds)
  const rest = seconds - fresh
  return `max-age=${fresh}, stale-while-revalidate=${Math.min(whileAskingSeconds, rest)}, stale-if-error=${Math.min(whileAwaySeconds, rest)}`
}

/** Whole seconds until the clock changes an answer, as far as they change what caches are told. */
export function secondsLeft(now: Instant, until: Instant): number {
  return Math.min(60 + whileAwaySeconds, Math.floor((until - now) / 1000))
}

/** A second, and something for what lies between a decision and the writing of its answer. */
const lastMs = 1100

/**
 * Whether the clock changes an answer within a second. A cache that is told then that it has the answer goes on for as long as it was told
 * at first: past the change. So it gets the whole answer, which it may not keep.
 */
export function isEnding(until: Instant, now: Instant): boolean {
  return until - now < lastMs
}
