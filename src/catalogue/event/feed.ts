import type { Feed, FeedEntry } from '../../render/event/atom.ts'
import type { Head } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { productName } from '../heads.ts'
import { newestEvents } from './events.ts'

/** How many entries a feed has at most. */
const mostEntries = 50

/** The newest events of the log, of one catalogue or of all, as people read them. */
export async function feedOf(catalogues: Pick<Catalogues, 'store' | 'heads'>, head: Head | undefined): Promise<Feed> {
  const { store, heads } = catalogues
  const filter = head && { catalogues: [head.revision.catalogue] }
  const events = await newestEvents(catalogues, { limit: mostEntries, upTo: heads.seq, ...filter })
  const entries: FeedEntry[] = []
  for (const event of events) {
    const isPublish = event.type === 'catalogue.created' || event.type === 'catalogue.revision_published'
    const revision = isPublish ? await store.revision(event.catalogue, event.revision.number) : undefined
    const now = heads.get(event.catalogue)
    entries.push({
      event,
      product: now ? productName(now) : event.catalogue,
      ...(revision && { summary: revision.summary })
    })
  }
  return {
    path: head ? `/v1/catalogues/${head.revision.catalogue}/feed.atom` : '/v1/feed.atom',
    title: head ? head.title : 'What products need from the network',
    epoch: store.epoch,
    updated: events[0]?.occurredAt ?? 0,
    entries
  }
}
