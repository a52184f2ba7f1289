import type { LookedUp } from '../../catalogue/lookup/places.ts'
import { groupBy } from '../../domain/group.ts'
import { currentPlaces } from '../../domain/lookup/current-places.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { readInstant } from '../../domain/time/instant.ts'
import type { Links } from '../frame/links.ts'
import { dateTime } from '../template/date-text.ts'
import { usedPorts } from './used-ports.ts'

interface EvidenceFacts {
  readonly productOf: (catalogue: string) => string
  readonly links: Links
}

/** How much of the history the page tells. */
const mostHappenings = 100

/**
 * The places of a value as a table, and what happened there, the newest first. Of a value that came and went, the place that counts is in the
 * table, and its history below.
 */
export function evidenceOf(found: readonly LookedUp[], { productOf, links }: EvidenceFacts) {
  const { places, ended } = currentPlaces(found)
  const history = historyOf(found, productOf)
  return {
    places: places.map((place) => placeRow(place, { productOf, links })),
    ended,
    history: history.slice(0, mostHappenings),
    earlier: Math.max(0, history.length - mostHappenings)
  }
}

function placeRow(place: LookedUp, { productOf, links }: EvidenceFacts) {
  const { catalogue, requirement, endpoint, status, services, addedIn, removedIn } = place
  const until = endpoint?.until
  return {
    product: productOf(catalogue),
    catalogueHref: links.across(`/c/${catalogue}`),
    requirement: requirement.title,
    href: `${links.across(`/c/${catalogue}`)}#${requirement.key}`,
    value: valueText(place),
    ...(endpoint?.feed && {
      feed: {
        text: `${endpoint.feed.catalogue}, revision ${endpoint.feed.revision}`,
        href: links.across(`/c/${endpoint.feed.catalogue}`)
      }
    }),
    ports: usedPorts(services),
    status,
    statusHref: `${links.plain('/')}#${status}`,
    since: addedIn.label,
    ...(until !== undefined && { until: dateTime(until) }),
    ...(removedIn && { removed: removedIn.label }),
    replacedBy: endpoint?.replacedBy?.join(', ') ?? ''
  }
}

function valueText({ endpoint }: LookedUp): string {
  if (!endpoint) return 'no endpoints listed'
  if (endpoint.kind === 'role') return endpoint.title
  return endpoint.kind === 'any' ? 'any address' : endpoint.value
}

/** What happened at an instant: `Added by issue 2.3`, for some requirements of a catalogue. */
interface Happening {
  readonly at: Instant
  readonly what: string
  readonly product: string
  readonly requirement: string
}

function historyOf(found: readonly LookedUp[], productOf: EvidenceFacts['productOf']) {
  const all = found.flatMap((place): readonly Happening[] => {
    const { catalogue, requirement, endpoint, addedIn, removedIn } = place
    const rest = { product: productOf(catalogue), requirement: requirement.title }
    return [
      { at: readInstant(addedIn.publishedAt), what: `Added by issue ${addedIn.label}`, ...rest },
      ...(endpoint?.from === undefined ? [] : [{ at: readInstant(endpoint.from), what: 'Begins', ...rest }]),
      ...(endpoint?.until === undefined ? [] : [{ at: readInstant(endpoint.until), what: 'Ends', ...rest }]),
      ...(removedIn
        ? [{ at: readInstant(removedIn.publishedAt), what: `Removed by issue ${removedIn.label}`, ...rest }]
        : [])
    ]
  })
  const groups = groupBy(all, ({ at, what, product }) => JSON.stringify([at, what, product]))
  return [...groups.values()]
    .flatMap(([first, ...others]) =>
      first
        ? [
            {
              ...first,
              requirements: [...new Set([first, ...others].map(({ requirement }) => requirement))].join(', ')
            }
          ]
        : []
    )
    .sort((a, b) => b.at - a.at)
    .map(({ at, what, product, requirements }) => ({ date: dateTime(at), what, product, requirements }))
}
