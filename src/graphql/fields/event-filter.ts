import type { EventType } from '../../domain/event/event.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import type { SubscriptionFilter } from '../../domain/webhook/subscription-filter.ts'

type Inside = Omit<SubscriptionFilter, 'types' | 'catalogues'>

/** What of the log is asked for. Null says nothing. */
export interface EventArgs {
  readonly after?: number | null
  readonly types?: readonly EventType[] | null
  readonly catalogues?: readonly string[] | null
  readonly filter?: { readonly [Name in keyof Inside]: Inside[Name] | null } | null
}

export function eventFilter({ types, catalogues, filter }: EventArgs): SubscriptionFilter {
  const { requirements, tags, scope, direction, impact } = filter ?? {}
  return withoutUndefined({
    types: types ?? undefined,
    catalogues: catalogues ?? undefined,
    requirements: requirements ?? undefined,
    tags: tags ?? undefined,
    scope: scope ?? undefined,
    direction: direction ?? undefined,
    impact: impact ?? undefined
  })
}
