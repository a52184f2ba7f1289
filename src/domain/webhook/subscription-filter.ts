import type { Impact } from '../change/change.ts'
import type { RequirementFields } from '../document/document.ts'
import type { EventType } from '../event/event.ts'
import { type Narrowing, namesCatalogue } from '../narrowing.ts'
import { isWanted } from '../view/filter.ts'

/**
 * The events that a subscription wants. For each field that the filter has, an event must have one of the values. The fields about
 * requirements and impact must all fit one change of the event.
 */
export interface SubscriptionFilter {
  readonly types?: readonly EventType[]
  readonly catalogues?: readonly string[]
  /** The narrowing of the key that made the subscription. It stays, whatever the owner asks for. */
  readonly within?: Narrowing
  readonly requirements?: readonly string[]
  readonly tags?: readonly string[]
  readonly scope?: readonly RequirementFields['scope'][]
  /** `outbound` and `inbound` also match `both`. */
  readonly direction?: readonly RequirementFields['direction'][]
  readonly impact?: readonly Impact[]
}

/** One change of an event, with the requirement that it is about, as it stands before or after. Absent: it is about the catalogue itself. */
export interface Subject {
  readonly impact: Impact
  readonly requirement?: Pick<RequirementFields, 'key' | 'scope' | 'direction' | 'tags'>
}

/** What a filter sees of an event without a look at its changes. */
export type Occurrence = { readonly type: EventType } & ({ readonly catalogue: string } | { readonly site: string })

/** Whether a subscription wants an event. An event of which one change matches is sent with all its changes. */
export function subscriptionMatches(
  event: Occurrence & { readonly subjects: readonly Subject[] },
  filter: SubscriptionFilter
): boolean {
  if (!namesEvent(event, filter)) return false
  return !looksInside(filter) || event.subjects.some((subject) => subjectMatches(subject, filter))
}

/** Whether a filter takes the type of an event and what it is about, without a look at its changes. */
export function namesEvent(event: Occurrence, { types, catalogues, within }: SubscriptionFilter): boolean {
  if (!isWanted(types, event.type)) return false
  // Who may not see all catalogues may not see all rows of a site.
  if ('site' in event) return catalogues === undefined && within === undefined
  return isWanted(catalogues, event.catalogue) && namesCatalogue(within, event.catalogue)
}

/** Whether a filter depends on the changes of an event. */
export function looksInside({ requirements, tags, scope, direction, impact }: SubscriptionFilter): boolean {
  return [requirements, tags, scope, direction, impact].some((wanted) => wanted !== undefined)
}

function subjectMatches({ impact, requirement }: Subject, filter: SubscriptionFilter): boolean {
  const { requirements, tags, scope, direction } = filter
  return (
    isWanted(filter.impact, impact) &&
    isWanted(requirements, requirement?.key) &&
    (tags === undefined || tags.some((tag) => requirement?.tags?.includes(tag))) &&
    isWanted(scope, requirement?.scope) &&
    (requirement?.direction === 'both' || isWanted(direction, requirement?.direction))
  )
}
