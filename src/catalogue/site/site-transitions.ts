import type { NewSiteEvent } from '../../domain/event/event.ts'
import { siteClockEvent, siteDueBy } from '../../domain/event/site-transition.ts'
import { eventId } from '../../domain/event/ulid.ts'
import { mergeSite } from '../../domain/site/merge.ts'
import type { Instant } from '../../domain/time/instant.ts'
import type { SiteHead } from '../../store/store.ts'
import type { Catalogues } from '../catalogues.ts'
import { partsOf } from './site-parts.ts'

type Sources = Pick<Catalogues, 'store' | 'cache' | 'heads' | 'random'>

/** The events of a site that are due by an instant and not in the log yet, in order. */
export async function dueSiteEvents(sources: Sources, head: SiteHead, now: Instant): Promise<readonly NewSiteEvent[]> {
  const { revision, document } = head
  const due = siteDueBy(revision, now)
  if (due.length === 0) return []
  const logged = await sources.store.loggedOnce(due.map(({ once }) => once))
  const missing = due.filter(({ once }) => !logged.has(once))
  if (missing.length === 0) return []
  const parts = await partsOf(sources, document)
  const merged = mergeSite({ site: document, revision: revision.number, parts })
  return missing.map((each) =>
    siteClockEvent(revision, merged.document, each, { now, id: eventId(now, sources.random(10)) })
  )
}

/** How often the events are decided when a publish, or the clock of another process, is faster. */
const attempts = 20

/**
 * Logs the transitions of a site that are due by an instant. Any number of processes may do so at the same time: each is in the log once.
 * @returns the events that this process logged.
 */
export async function recordSiteTransitions(
  sources: Sources & Pick<Catalogues, 'logCounters'>,
  site: string,
  now: Instant
): Promise<readonly NewSiteEvent[]> {
  const { store, heads, logCounters } = sources
  for (let attempt = 0; attempt < attempts; attempt += 1) {
    const head = heads.site(site)
    const events = head ? await dueSiteEvents(sources, head, now) : []
    if (!head || events.length === 0) return []
    const { number } = head.revision
    const { kind } = await store.sites.commitTransitions({ site, number, knownSeq: head.seq, events })
    if (kind === 'committed') logCounters.add(events)
    await heads.refresh()
    if (kind === 'committed') return events
  }
  throw new Error(`others were faster ${attempts} times to write to the site ${site}`)
}
