import type { FeedOutcome, View } from '../../domain/view/view.ts'
import type { PageFrame } from '../frame/frame.ts'

/** A reference to a list, and what became of it. */
interface ReferenceRow {
  readonly requirement: string
  readonly list: string
  readonly url: string
  readonly outcome: string
  /** The catalogue that publishes the list here. */
  readonly catalogue?: { readonly text: string; readonly href: string }
}

/** What a paper says of the lists to which its catalogue refers. */
export type References =
  | { readonly kind: 'none' }
  /** The link to the paper with their rows. */
  | { readonly kind: 'unread'; readonly href: string }
  | { readonly kind: 'read'; readonly rows: readonly ReferenceRow[] }

const outcomes: Readonly<Record<FeedOutcome, string>> = {
  resolved: 'Its addresses stand above.',
  unresolved: 'Left out: no catalogue here has the list, or nothing of it is selected.',
  unbounded: 'Left out: it has more than 1000 addresses, and the reference selects none of them.'
}

/** `resolved`: leads to the same paper with the rows of the lists. */
export function referencesOf(
  { feeds, requirements }: View,
  resolved: string | undefined,
  { links }: Pick<PageFrame, 'links'>
): References {
  if (!feeds) {
    const refers = requirements.some(({ endpoints }) => endpoints.some(({ kind }) => kind === 'feed'))
    return refers && resolved !== undefined ? { kind: 'unread', href: resolved } : { kind: 'none' }
  }
  const titles = new Map(requirements.map(({ key, title }) => [key, title]))
  const rows = feeds.map(({ requirement, value, url, outcome, feed }): ReferenceRow => {
    const href = feed && links.across(`/c/${feed.catalogue}`)
    return {
      requirement: titles.get(requirement) ?? requirement,
      list: value,
      url,
      outcome: outcomes[outcome],
      ...(feed && href !== undefined && { catalogue: { text: `${feed.catalogue}, revision ${feed.revision}`, href } })
    }
  })
  return rows.length > 0 ? { kind: 'read', rows } : { kind: 'none' }
}
