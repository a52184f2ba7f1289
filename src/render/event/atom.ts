import XmlBuilder from 'fast-xml-builder'
import { isCatalogueEvent, type LoggedEvent, subjectId } from '../../domain/event/event.ts'
import { formatInstant, type Instant } from '../../domain/time/instant.ts'
import { xmlText } from '../xml-text.ts'
import { eventLinks } from './event-json.ts'
import { eventLines, eventTitle } from './event-text.ts'
import { pagePath } from './page-path.ts'

const xml = new XmlBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  textNodeName: '#',
  format: true,
  suppressEmptyNode: true
})

export interface FeedEntry {
  readonly event: LoggedEvent
  /** Name of the product that the catalogue is about. */
  readonly product: string
  /** The author's summary, if the event is a publish. */
  readonly summary?: string
}

export interface Feed {
  /** The path of the feed, without the base of links. */
  readonly path: string
  readonly title: string
  /** Names the log. */
  readonly epoch: string
  readonly updated: Instant
  /** Newest first. */
  readonly entries: readonly FeedEntry[]
}

/** An Atom feed, RFC 4287, for feed readers. `base`: the base of links. `hasPages`: whether a reader finds a page for people there. */
export function atomFeed(
  { path, title, epoch, updated, entries }: Feed,
  base: string,
  { hasPages }: { readonly hasPages: boolean } = { hasPages: false }
): string {
  const feed = {
    '@xmlns': 'http://www.w3.org/2005/Atom',
    id: `urn:portolan:${epoch}:${path}`,
    title,
    updated: formatInstant(updated),
    author: { name: 'Portolan' },
    generator: 'Portolan',
    link: { '@rel': 'self', '@href': `${base}${path}`, '@type': 'application/atom+xml' },
    entry: entries.map((entry) => atomEntry(entry, base, hasPages))
  }
  return xml.build({ '?xml': { '@version': '1.0', '@encoding': 'utf-8' }, feed })
}

function atomEntry({ event, product, summary }: FeedEntry, base: string, hasPages: boolean) {
  const { view, diff, changePack, feed, held = feed } = eventLinks(event, base)
  // There is a page for people where there is a catalogue.
  const page =
    hasPages && isCatalogueEvent(event)
      ? `${base}${pagePath(event.catalogue, event.revision.number, event.effectiveAt)}`
      : undefined
  const pack = changePack === undefined ? undefined : `${changePack}&format=html`
  const work = pack === undefined ? '' : `<p><a href="${xmlText(pack)}">What to open and what to close</a></p>`
  const look = held === undefined ? '' : `<p><a href="${xmlText(held)}">What the feed says</a></p>`
  const said = summary === undefined ? '' : `<p>${xmlText(summary)}</p>`
  const items = eventLines(event).map((line) => `<li>${xmlText(line)}</li>`)
  const link = (rel: string, href: string, type = 'application/json') => ({ '@rel': rel, '@href': href, '@type': type })
  return {
    id: `urn:portolan:event:${event.id}`,
    title: eventTitle(event, product),
    updated: formatInstant(event.occurredAt),
    category: [{ '@term': event.type }, { '@term': subjectId(event) }],
    // A reader opens the first; RFC 4287 allows one for each type.
    link: [
      ...(page === undefined ? [] : [link('alternate', page, 'text/html')]),
      link('alternate', held ?? view),
      ...(diff === undefined ? [] : [link('related', diff)]),
      ...(pack === undefined ? [] : [link('related', pack, 'text/html')])
    ],
    content: { '@type': 'html', '#': `${said}<ul>${items.join('')}</ul>${work}${look}` }
  }
}
