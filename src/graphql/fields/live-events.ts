import { follow } from '../../catalogue/event/follow.ts'
import type { Follower } from '../../catalogue/event/followers.ts'
import { requirePlace } from '../../catalogue/event/log-place.ts'
import { matchesEvent, previousMatch } from '../../catalogue/webhook/matching.ts'
import { PortolanError } from '../../domain/errors.ts'
import { isCatalogueEvent } from '../../domain/event/event.ts'
import { looksInside } from '../../domain/webhook/subscription-filter.ts'
import type { Context } from '../reading/context.ts'
import { type EventNode, eventNode } from '../reading/event-node.ts'
import type { SomeResolvers } from '../resolvers.ts'
import type { SubscriptionEventsArgs } from '../schema-types.ts'
import { eventFilter } from './event-filter.ts'

export const liveEventFields = {
  Subscription: {
    events: {
      subscribe: async (_, args, context) => {
        await requirePlace(context.catalogues, { seq: args.after ?? 0 })
        const follower = context.followers.admit()
        if (!follower) throw new PortolanError('not_ready', 'The service is stopping.')
        const events = followEvents(args, context, follower)
        // A generator that waits for the next event learns only after it that nobody listens: leaving wakes it.
        const end = () => {
          follower.leave()
          return events.return(undefined)
        }
        const ended: AsyncIterableIterator<{ readonly events: EventNode }> = {
          next: () => events.next(),
          return: end,
          throw: end,
          [Symbol.asyncIterator]: () => ended
        }
        return ended
      }
    }
  }
} satisfies SomeResolvers<'Subscription', 'events'>

/** Each event is read from the log when the client took the one before, so nothing is kept for a slow client. */
async function* followEvents(
  args: SubscriptionEventsArgs,
  context: Context,
  follower: Follower
): AsyncGenerator<{ readonly events: EventNode }, undefined> {
  const { catalogues } = context
  const filter = eventFilter(args)
  const { types, catalogues: ids } = filter
  const named = { ...(types && { types }), ...(ids && { catalogues: ids }) }
  const after = args.after ?? catalogues.heads.seq
  let previous: number | undefined
  try {
    for await (const event of follow(catalogues, { follower, filter: named, after })) {
      if (!isCatalogueEvent(event)) continue
      context.objects.restart()
      if (!looksInside(filter)) {
        yield { events: eventNode(context, event, event.prevSeq) }
        continue
      }
      if (!(await matchesEvent(catalogues, event, filter))) continue
      const before = previous ?? (await previousMatch(catalogues, filter, event.seq))
      previous = event.seq
      yield { events: eventNode(context, event, before) }
    }
  } finally {
    follower.leave()
  }
  return undefined
}
