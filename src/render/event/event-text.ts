import type { CatalogueEvent, LoggedEvent, SiteEvent } from '../../domain/event/event.ts'
import { transitionSummary } from '../../domain/event/transition.ts'
import type { Counts } from '../../domain/history/revision.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { changeText } from './change-text.ts'

/** What the title of an event says. */
type TitledEvent =
  | Pick<CatalogueEvent, 'type' | 'revision' | 'counts' | 'effectiveAt'>
  | Pick<SiteEvent, 'type' | 'revision' | 'counts' | 'effectiveAt'>

/** An event in one line. `product`: the name of the product that the catalogue is about, or that of the site. */
export function eventTitle(event: TitledEvent, product: string): string {
  const { counts } = event
  const { number } = event.revision
  switch (event.type) {
    case 'catalogue.created':
      return `${product}: published, as revision 1 (${event.revision.label})`
    case 'catalogue.revision_published':
      return `${product}: revision ${number} (${event.revision.label}), ${countsText(counts)}`
    case 'site.revision_published':
      return `${product}: revision ${number}, ${countsText(counts)}`
    case 'catalogue.transitioned':
    case 'site.transitioned':
      return `${product}: ${transitionSummary(counts)}`
    case 'catalogue.transition_upcoming':
      return `${product}: at ${formatInstant(event.effectiveAt)} ${transitionSummary(counts)}`
    case 'feed.failing':
      return `${product}: its feed has been failing since ${formatInstant(event.effectiveAt)}`
    case 'feed.held':
      return `${product}: a change of its feed has been held since ${formatInstant(event.effectiveAt)}`
    case 'feed.stale':
      return `${product}: its feed has been stale since ${formatInstant(event.effectiveAt)}`
    default:
      throw new Error(`unknown event ${event satisfies never}`)
  }
}

function countsText({ added, removed, changed }: Counts): string {
  return `${added} added, ${removed} removed, ${changed} changed`
}

/** The changes of an event, one line for each that it carries. */
export function eventLines({ changes, truncated, type }: LoggedEvent): readonly string[] {
  return [...changes.map((change) => changeText(change, type)), ...(truncated ? ['… and more'] : [])]
}
