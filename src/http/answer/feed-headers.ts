import { feedField } from '../../domain/feed/told-view.ts'
import type { ViewFeed } from '../../domain/view/view.ts'

/** The header field of an answer that has no room for what became of references to feeds. */
export function feedHeaders(feeds: readonly ViewFeed[] | undefined) {
  return feeds ? { headers: { 'portolan-feeds': feedField(feeds) } } : {}
}
