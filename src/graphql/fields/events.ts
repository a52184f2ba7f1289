import { eventsAfter } from '../../catalogue/event/events.ts'
import { previousMatch, scanEvents } from '../../catalogue/webhook/matching.ts'
import type { LoggedEvent } from '../../domain/event/event.ts'
import { looksInside, type SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'
import { eventJson } from '../../render/event/event-json.ts'
import type { EventFilter } from '../../store/store.ts'
import { checkPaging, defaultPage } from '../reading/connection.ts'
import type { Context } from '../reading/context.ts'
import type { Resolvers } from '../reading/resolver.ts'
import { type EventArgs, eventFilter } from './event-filter.ts'

/** How many entries of the log are looked into for one page. */
const mostScanned = 1000

/** An event; `prevSeq` may have to be looked for. */
export type EventNode = Omit<ReturnType<typeof eventJson>, 'prevSeq'> & {
  readonly prevSeq: number | (() => Promise<number>)
}

interface EventPage {
  readonly nodes: readonly EventNode[]
  /** The page ends here, whether with an event or not. */
  readonly seen: number
  readonly hasMore: boolean
  /** What is to be counted; absent: that would mean to read all of the log. */
  readonly counted?: EventFilter & { readonly after: number; readonly upTo: number }
}

export const eventFields: Resolvers = {
  Query: {
    events: async (_, args: EventArgs & { readonly first?: number | null }, context) => {
      context.snapshot.dependencies.addLog()
      checkPaging({ first: args.first ?? null })
      const filter = eventFilter(args)
      const after = args.after ?? 0
      const bounds = { after, upTo: context.snapshot.dependencies.seq, limit: args.first ?? defaultPage }
      const page = await (looksInside(filter) ? scannedPage : namedPage)(context, filter, bounds)
      const { nodes, seen, hasMore } = page
      return {
        ...page,
        edges: nodes.map((node) => ({ node, cursor: String(node.seq) })),
        pageInfo: {
          hasNextPage: hasMore,
          hasPreviousPage: after > 0,
          startCursor: nodes[0] ? String(nodes[0].seq) : null,
          endCursor: seen > after ? String(seen) : null
        }
      }
    }
  },
  EventConnection: {
    totalCount: ({ counted }: EventPage, _: unknown, { snapshot: { catalogues } }) =>
      counted && catalogues.store.countEvents(counted)
  },
  Event: { prevSeq: ({ prevSeq }: EventNode) => (typeof prevSeq === 'number' ? prevSeq : prevSeq()) }
}

interface Bounds {
  readonly after: number
  readonly upTo: number
  readonly limit: number
}

/** The store tells by itself which events match. */
async function namedPage(context: Context, filter: EventFilter, bounds: Bounds): Promise<EventPage> {
  const { events, hasMore } = await eventsAfter(context.snapshot.catalogues, { ...bounds, ...filter })
  const { after, upTo } = bounds
  return {
    nodes: events.map((event) => eventNode(context, event, event.prevSeq)),
    seen: events.at(-1)?.seq ?? after,
    hasMore,
    counted: { ...filter, after, upTo }
  }
}

async function scannedPage(context: Context, filter: SubscriptionFilter, bounds: Bounds): Promise<EventPage> {
  const { events, seen, hasMore } = await scanEvents(context.snapshot.catalogues, filter, {
    ...bounds,
    most: mostScanned
  })
  const nodes = events.map((event, index) =>
    eventNode(
      context,
      event,
      events[index - 1]?.seq ?? (() => previousMatch(context.snapshot.catalogues, filter, event.seq))
    )
  )
  return { nodes, seen, hasMore }
}

export function eventNode({ catalogues, base }: Context, event: LoggedEvent, prevSeq: EventNode['prevSeq']): EventNode {
  return { ...eventJson(event, 0, catalogues.store.epoch, base), prevSeq }
}
