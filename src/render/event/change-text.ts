import type { Change } from '../../domain/change/change.ts'
import type { EventType } from '../../domain/event/event.ts'

/** A change as a line for people, such as `rss-feed: host feeds.example.net becomes active (opens)`. */
export function changeText({ op, requirement, endpoint, pointer, impact }: Change, type: EventType): string {
  const name = endpoint && [endpoint.kind, endpoint.value].filter((part) => part !== undefined).join(' ')
  const about = requirement === undefined ? pointer : name === undefined ? requirement : `${requirement}: ${name}`
  const means = impact === 'informs' ? '' : ` (${impact})`
  return `${about} ${isClock(type) ? movement(op) : op}${means}`
}

function isClock(type: EventType): boolean {
  return type === 'catalogue.transitioned' || type === 'catalogue.transition_upcoming'
}

/** What the clock does to an endpoint. A view has no retired endpoints, so a removed one has retired. */
function movement(op: Change['op']): string {
  return op === 'removed' ? 'retires' : 'becomes active'
}
