import { feedField } from '../../domain/reference/told-view.ts'
import type { ViewFeed } from '../../domain/view/view.ts'

/**
 * The header fields that helmet would set for a service whose answers are data, computed once. Those that concern only web pages
 * (downloads, DNS prefetching, cross-domain policies, agent clusters) are left out, since every hot read sends all of them; that of TLS is in `announcement.ts`.
 */
export const securityHeaders: Readonly<Record<string, string>> = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY'
}

/** Says which events an answer contains: all up to `seq` of the log that `epoch` names. */
export function logHeaders(seq: number, epoch: string) {
  return { 'portolan-seq': String(seq), 'portolan-epoch': epoch }
}

/** The header field of an answer that has no room for what became of references to feeds. */
export function feedHeaders(feeds: readonly ViewFeed[] | undefined) {
  return feeds ? { headers: { 'portolan-feeds': feedField(feeds) } } : {}
}
