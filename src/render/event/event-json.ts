import { type CatalogueEvent, isCatalogueEvent, type LoggedEvent, type SiteEvent } from '../../domain/event/event.ts'
import { formatInstant } from '../../domain/time/instant.ts'

/** The links of an event. The first publish has none to its changes, and no work, and neither has the state of a feed. */
interface EventLinks {
  readonly view: string
  readonly diff?: string
  readonly document: string
  readonly changePack?: string
  /** The feed, which says why. */
  readonly feed?: string
  /** The change that is held. */
  readonly held?: string
}

/** An event as it is answered. `prevSeq`: the previous event that matches the same filter, or 0. `base`: the base of links. */
export function eventJson(event: LoggedEvent, prevSeq: number, epoch: string, base: string) {
  return isCatalogueEvent(event)
    ? catalogueEventJson(event, prevSeq, epoch, base)
    : siteEventJson(event, prevSeq, epoch, base)
}

/** An event about a catalogue as it is answered. */
export function catalogueEventJson(event: CatalogueEvent, prevSeq: number, epoch: string, base: string) {
  const { catalogue, revision } = event
  return {
    ...placeJson(event, prevSeq, epoch),
    catalogue,
    revision,
    ...changesJson(event),
    links: eventLinks(event, base)
  }
}

function siteEventJson(event: SiteEvent, prevSeq: number, epoch: string, base: string) {
  const { site, revision } = event
  return { ...placeJson(event, prevSeq, epoch), site, revision, ...changesJson(event), links: eventLinks(event, base) }
}

function placeJson<T extends string>(
  {
    seq,
    id,
    type,
    occurredAt,
    effectiveAt,
    lateByMs
  }: Pick<LoggedEvent, 'seq' | 'id' | 'occurredAt' | 'effectiveAt' | 'lateByMs'> & { readonly type: T },
  prevSeq: number,
  epoch: string
) {
  return {
    seq,
    prevSeq,
    epoch,
    id,
    type,
    occurredAt: formatInstant(occurredAt),
    effectiveAt: formatInstant(effectiveAt),
    lateByMs
  }
}

function changesJson({ counts, changes, truncated }: Pick<LoggedEvent, 'counts' | 'changes' | 'truncated'>) {
  return { counts, changes, truncated }
}

/** The path of what an event is about, under the base of links. */
export function subjectPath(event: LoggedEvent): string {
  return isCatalogueEvent(event) ? `/v1/catalogues/${event.catalogue}` : `/v1/sites/${event.site}`
}

/** The links of an event. The URLs of catalogues and sites are pinned, so no cache can answer them with an older state. */
export function eventLinks(event: LoggedEvent, base: string): EventLinks {
  const root = `${base}${subjectPath(event)}`
  const { number } = event.revision
  const at = formatInstant(event.effectiveAt)
  if (isCatalogueEvent(event))
    return {
      view: `${root}?asOf=${number}&effectiveAt=${at}`,
      ...diffLink(event, root),
      document: `${root}/document?asOf=${number}`,
      ...packLink(event, root),
      ...feedLinks(event, base)
    }
  return {
    // The catalogues as they were known when the event was recorded.
    view: `${root}/view?siteAsOf=${number}&asOf=${formatInstant(event.occurredAt)}&effectiveAt=${at}`,
    ...diffLink(event, root),
    document: `${root}/document?siteAsOf=${number}`
  }
}

/** The link to what to open and what to close. It is pinned to the revision; what other catalogues need when it is read stays open. */
function packLink(
  { type, revision: { number }, effectiveAt }: CatalogueEvent,
  root: string
): Pick<EventLinks, 'changePack'> {
  const path = `${root}/change-pack`
  switch (type) {
    case 'catalogue.created':
    case 'feed.failing':
    case 'feed.held':
    case 'feed.stale':
      return {}
    case 'catalogue.revision_published':
      return { changePack: `${path}?from=${number - 1}&to=${number}` }
    case 'catalogue.transitioned':
    case 'catalogue.transition_upcoming':
      return {
        changePack: `${path}?at=${formatInstant(effectiveAt)}&asOf=${number}`
      }
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}

/** The feed has the id of its catalogue. What it says is not pinned: its newest state is what somebody has to look at. */
function feedLinks({ type, catalogue }: CatalogueEvent, base: string): Pick<EventLinks, 'feed' | 'held'> {
  const feed = `${base}/v1/feeds/${catalogue}`
  switch (type) {
    case 'feed.failing':
    case 'feed.stale':
      return { feed }
    case 'feed.held':
      return { feed, held: `${feed}/held` }
    case 'catalogue.created':
    case 'catalogue.revision_published':
    case 'catalogue.transitioned':
    case 'catalogue.transition_upcoming':
      return {}
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}

/** The link to what a publish changed in the previous revision, or to what the clock changes. A first publish and a state of a feed have no such link. */
function diffLink({ type, revision: { number }, effectiveAt }: LoggedEvent, root: string): Pick<EventLinks, 'diff'> {
  switch (type) {
    case 'catalogue.created':
    case 'feed.failing':
    case 'feed.held':
    case 'feed.stale':
      return {}
    case 'catalogue.revision_published':
    case 'site.revision_published':
      return number === 1 ? {} : { diff: `${root}/diff?from=${number - 1}&to=${number}` }
    case 'catalogue.transitioned':
    case 'catalogue.transition_upcoming':
    case 'site.transitioned': {
      const [before, from] = [formatInstant(effectiveAt - 1), formatInstant(effectiveAt)]
      return { diff: `${root}/diff?from=${number}&fromEffectiveAt=${before}&to=${number}&toEffectiveAt=${from}` }
    }
    default:
      throw new Error(`unknown type ${type satisfies never}`)
  }
}
