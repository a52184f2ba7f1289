import { feedOutcomes, qualifiedKey, type View, type ViewFeed } from '../view/view.ts'

/** The references of a view to feeds, as far as its requirements were not filtered out. */
export function toldFeeds({ requirements, feeds = [] }: Pick<View, 'requirements' | 'feeds'>): readonly ViewFeed[] {
  const shown = new Set(requirements.map(qualifiedKey))
  const leftOut = new Set<ViewFeed>(
    requirements.flatMap(({ endpoints }) => endpoints.flatMap((endpoint) => endpoint.leftOut ?? []))
  )
  return feeds.filter((feed) =>
    feed.outcome === 'resolved' ? shown.has(qualifiedKey({ ...feed, key: feed.requirement })) : leftOut.has(feed)
  )
}

/** How many references to feeds became what: a Dictionary of Integers, RFC 9651. */
export function feedField(feeds: readonly ViewFeed[]): string {
  return feedOutcomes
    .map((outcome) => `${outcome}=${feeds.filter((feed) => feed.outcome === outcome).length}`)
    .join(', ')
}

/** The view as it is answered: references that are left out stand among its `feeds` alone. */
export function toldView<Kind extends View>(view: Kind): Kind {
  if (!view.feeds) return view
  return {
    ...view,
    feeds: toldFeeds(view),
    requirements: view.requirements.map((requirement) => ({
      ...requirement,
      endpoints: requirement.endpoints.filter(({ leftOut }) => !leftOut)
    }))
  }
}
