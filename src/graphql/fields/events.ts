import { eventsAfter } from '../../catalogue/event/events.ts'
import { requirePlace } from '../../catalogue/event/log-place.ts'
import { previousMatch, scanEvents } from '../../catalogue/webhook/matching.ts'
import { isCatalogueEvent } from '../../domain/event/event.ts'
import { looksInside, type SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'
import type { EventFilter } from '../../store/store.ts'
import { checkPaging, defaultPage } from '../reading/connection.ts'
import type { Context } from '../reading/context.ts'
import { type EventPage, eventNode } from '../reading/event-node.ts'
import type { SomeResolvers } from '../resolvers.ts'
import { eventFilter } from './event-filter.ts'

/** How many entries of the log are looked into for one page. */
const mostScanned = 1000

export const eventFields = {
  Query: {
    events: async (_, args, context) => {
      const { dependencies } = context.snapshot
      dependencies.addLog()
      checkPaging({ first: args.first ?? null })
      const filter = eventFilter(args)
      const after = args.after ?? 0
      await requirePlace(context.snapshot.catalogues, { seq: after })
      const bounds = { after, upTo: dependencies.seq, limit: args.first ?? defaultPage }
      const { nodes, end, hasMore, counted } = await (looksInside(filter) ? scannedEvents : storedEvents)(
        context,
        filter,
        bounds
      )
      return {
        nodes,
        edges: nodes.map((node) => ({ node, cursor: String(node.seq) })),
        pageInfo: {
          hasNextPage: hasMore,
          hasPreviousPage: after > 0,
          startCursor: nodes[0] ? String(nodes[0].seq) : null,
          endCursor: end > after ? String(end) : null
        },
        ...(counted && { counted })
      }
    }
  },
  EventConnection: {
    totalCount: ({ counted }, _, { snapshot }) => counted && snapshot.catalogues.store.countEvents(counted)
  },
  Event: { prevSeq: ({ prevSeq }) => (typeof prevSeq === 'number' ? prevSeq : prevSeq()) }
} satisfies SomeResolvers<'Query', 'events'> &
  SomeResolvers<'EventConnection', 'totalCount'> &
  SomeResolvers<'Event', 'prevSeq'>

interface Bounds {
  readonly after: number
  readonly upTo: number
  readonly limit: number
}

interface FoundEvents extends Pick<EventPage, 'nodes' | 'counted'> {
  /** The seq at which the page ends, whether with an event or not. */
  readonly end: number
  readonly hasMore: boolean
}

/** Events that the store finds by their type and catalogue alone. */
async function storedEvents(context: Context, filter: EventFilter, bounds: Bounds): Promise<FoundEvents> {
  const { events, hasMore } = await eventsAfter(context.snapshot.catalogues, { ...bounds, ...filter })
  const { after, upTo } = bounds
  return {
    nodes: events.flatMap((event) => (isCatalogueEvent(event) ? [eventNode(context, event, event.prevSeq)] : [])),
    end: events.at(-1)?.seq ?? after,
    hasMore,
    counted: { ...filter, after, upTo }
  }
}

/** Events that have to be read to know whether they match. */
async function scannedEvents(context: Context, filter: SubscriptionFilter, bounds: Bounds): Promise<FoundEvents> {
  const { catalogues } = context.snapshot
  const { events, seen, hasMore } = await scanEvents(catalogues, filter, { ...bounds, most: mostScanned })
  const nodes = events
    .filter(isCatalogueEvent)
    .map((event, index) =>
      eventNode(context, event, events[index - 1]?.seq ?? (() => previousMatch(catalogues, filter, event.seq)))
    )
  return { nodes, end: seen, hasMore }
}
