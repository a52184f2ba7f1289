import type { CatalogueEvent } from '../../domain/event/event.ts'
import { catalogueEventJson } from '../../render/event/event-json.ts'
import type { EventFilter } from '../../store/store.ts'
import type { Edge, PageInfo } from './connection.ts'
import type { Context } from './context.ts'

/** An event as it is answered. `prevSeq` may have to be looked for. */
export type EventNode = Omit<ReturnType<typeof catalogueEventJson>, 'prevSeq'> & {
  readonly prevSeq: number | (() => Promise<number>)
}

/** A page of the log. */
export interface EventPage {
  readonly nodes: readonly EventNode[]
  readonly edges: readonly Edge<EventNode>[]
  readonly pageInfo: PageInfo
  /** What `totalCount` counts; absent: to count would mean to read all of the log. */
  readonly counted?: EventFilter & { readonly after: number; readonly upTo: number }
}

export function eventNode(
  { snapshot, base }: Context,
  event: CatalogueEvent,
  prevSeq: EventNode['prevSeq']
): EventNode {
  return { ...catalogueEventJson(event, 0, snapshot.catalogues.store.epoch, base), prevSeq }
}
