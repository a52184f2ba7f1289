import type { Change } from '../../domain/change/change.ts'
import type { EventType } from '../../domain/event/event.ts'
import { readInstant } from '../../domain/time/instant.ts'

/** A change as a line for people, such as `rss-feed: host feeds.example.net becomes active (opens)`. */
export function changeText(change: Change, type: EventType): string {
  const { op, requirement, endpoint, pointer, impact, before, after } = change
  const name = endpoint && [endpoint.kind, endpoint.value].filter((part) => part !== undefined).join(' ')
  const about = requirement === undefined ? pointer : name === undefined ? requirement : `${requirement}: ${name}`
  const means = impact === 'informs' ? '' : ` (${impact})`
  const [old, row] = [endpoint ? lifetimeIn(before) : {}, endpoint ? lifetimeIn(after) : {}]
  if (isClock(type)) return `${about} ${movement(op)}${replacement(op === 'removed' ? old : row)}${means}`
  if (op === 'changed' && row.until !== undefined && row.until !== old.until)
    return `${about} retires on ${dateText(row.until)}${replacement(row)}`
  if (op === 'changed' && old.until !== undefined && row.until === undefined)
    return `${about} no longer retires${means}`
  if (op === 'added' && impact === 'announces' && row.from !== undefined)
    return `${about} becomes active on ${dateText(row.from)}`
  return `${about} ${op}${means}`
}

function isClock(type: EventType): boolean {
  return type === 'catalogue.transitioned' || type === 'catalogue.transition_upcoming' || type === 'site.transitioned'
}

/** What the clock does to an endpoint. A view has no retired endpoints, so a removed one has retired. */
function movement(op: Change['op']): string {
  return op === 'removed' ? 'retires' : 'becomes active'
}

interface Lifetime {
  readonly from?: string
  readonly until?: string
  readonly replacedBy?: readonly string[]
}

/** The lifetime in a side of a change; a change of an endpoint holds the endpoint. */
function lifetimeIn(side: unknown): Lifetime {
  if (typeof side !== 'object' || side === null) return {}
  // Any object has members by name; each is checked.
  const { from, until, replacedBy } = side as Record<string, unknown>
  return {
    ...(typeof from === 'string' && { from }),
    ...(typeof until === 'string' && { until }),
    ...(Array.isArray(replacedBy) && { replacedBy: replacedBy.map(String) })
  }
}

function replacement({ replacedBy = [] }: Lifetime): string {
  return replacedBy.length === 0 ? '' : `; replaced by ${replacedBy.join(', ')}`
}

/** An instant such as `22 Nov 2018`, with the time of day in UTC where it is not midnight. */
function dateText(instant: string): string {
  const [, , day, month, year, time = ''] =
    /^(\w+), (\d+) (\w+) (\d+) (\d\d:\d\d)/.exec(new Date(readInstant(instant)).toUTCString()) ?? []
  return `${Number(day)} ${month} ${year}${time === '00:00' ? '' : `, ${time} UTC`}`
}
