import type { Instant } from '../time/instant.ts'

/** A change that waits for a second fetch that agrees. */
export interface PendingChange {
  /** The digest of what the list said. */
  readonly content: string
  readonly firstSeen: Instant
}

/**
 * Whether a change may be published: where two fetches that lie at least `settleMs` apart agree on it, and nothing else was seen between
 * them. Whoever sees equal content drops what is pending. `pending`: the change that waits; `seen`: what was seen now.
 */
export function agreement(
  pending: PendingChange | undefined,
  seen: { readonly content: string; readonly at: Instant },
  settleMs: number
): { readonly kind: 'agreed' } | { readonly kind: 'wait'; readonly pending: PendingChange } {
  const firstSeen = pending?.content === seen.content ? pending.firstSeen : seen.at
  if (seen.at - firstSeen >= settleMs) return { kind: 'agreed' }
  return { kind: 'wait', pending: { content: seen.content, firstSeen } }
}
