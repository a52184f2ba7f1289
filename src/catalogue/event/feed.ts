import { isCatalogueEvent } from '../../domain/event/event.ts'
import type { Feed, FeedEntry } from '../../render/event/atom.ts'
import type { EventFilter } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { productNameIn } from '../heads.ts'
import { newestEvents } from './events.ts'

/** How many entries a feed has at most. */
const mostEntries = 50

/** The newest events of the log, about these catalogues and sites or about all, as people read them. */
export async function feedOf(
  catalogues: Pick<Catalogues, 'store' | 'heads'>,
  about: Pick<Feed, 'path' | 'title'>,
  filter: Pick<EventFilter, 'catalogues' | 'sites'> = {}
): Promise<Feed> {
  const { store, heads } = catalogues
  const events = await newestEvents(catalogues, { limit: mostEntries, upTo: heads.seq, ...filter })
  const entries: FeedEntry[] = []
  for (const event of events) {
    const isPublish = event.type === 'catalogue.created' || event.type === 'catalogue.revision_published'
    const revision = isPublish ? await store.revision(event.catalogue, event.revision.number) : undefined
    entries.push({
      event,
      product: isCatalogueEvent(event)
        ? productNameIn(heads, event.catalogue)
        : (heads.site(event.site)?.document.title ?? event.site),
      ...(revision && { summary: revision.summary })
    })
  }
  return {
    ...about,
    epoch: store.epoch,
    updated: events[0]?.occurredAt ?? 0,
    entries
  }
}
