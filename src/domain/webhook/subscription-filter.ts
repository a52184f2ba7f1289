import type { Impact } from '../change/change.ts'
import type { RequirementFields } from '../document/document.ts'
import type { EventType } from '../event/event.ts'
import { isWanted } from '../view/filter.ts'

/** What of the log a subscription wants. Several values of one name: any of them. Several names: all of them, on one change. */
export interface SubscriptionFilter {
  readonly types?: readonly EventType[]
  readonly catalogues?: readonly string[]
  readonly requirements?: readonly string[]
  readonly tags?: readonly string[]
  readonly scope?: readonly RequirementFields['scope'][]
  /** `outbound` and `inbound` also match `both`. */
  readonly direction?: readonly RequirementFields['direction'][]
  readonly impact?: readonly Impact[]
}

/** One change of an event, with the requirement that it is about as it stands before or after; absent: the catalogue itself. */
export interface Subject {
  readonly impact: Impact
  readonly requirement?: Pick<RequirementFields, 'key' | 'scope' | 'direction' | 'tags'>
}

export interface Occurrence {
  readonly type: EventType
  readonly catalogue: string
}

/** Whether the event is one that the subscription wants. An event that matches in part is sent whole. */
export function subscriptionMatches(
  event: Occurrence & { readonly subjects: readonly Subject[] },
  filter: SubscriptionFilter
): boolean {
  if (!namesEvent(event, filter)) return false
  return !looksInside(filter) || event.subjects.some((subject) => subjectMatches(subject, filter))
}

/** What can be said of an event without its changes. */
export function namesEvent({ type, catalogue }: Occurrence, { types, catalogues }: SubscriptionFilter): boolean {
  return isWanted(types, type) && isWanted(catalogues, catalogue)
}

/** Whether the changes of an event decide. */
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
