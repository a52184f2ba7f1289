import { groupBy } from '../group.ts'
import { type HistoryRow, standsIn } from '../history/history.ts'
import { formatInstant, type Instant, readInstant } from '../time/instant.ts'
import { intervalAt, statusAt } from '../view/lifetime.ts'
import type { FlatEndpoint, MirrorObject } from './mirror.ts'
import { endpointKey } from './mirror-id.ts'
import type { MirrorPart, MirrorSide } from './mirror-part.ts'

export const tombstoneReasons = ['deleted', 'retired', 'left_filter', 'access_lost'] as const

/** Why an object is no longer in the mirror. */
export interface Tombstone {
  readonly reason: (typeof tombstoneReasons)[number]
  /** RFC 3339 */
  readonly at: string
  /** Values of the endpoints that replace it, as its author announced. */
  readonly replacedBy?: readonly string[]
}

/** What the reason for a deletion depends on. */
export interface Grounds {
  readonly part: MirrorPart
  readonly before: MirrorSide
  readonly after: MirrorSide
  /** The ids of the requirements of the side `after`, by key. */
  readonly ids: ReadonlyMap<string, string>
  /** Says when a revision that closed a row of the part was published. */
  readonly publishedAt: (number: number) => Instant
}

/**
 * Makes the tombstones of objects that one side has and the other has not. The reason is that an object was deleted, that its lifetime is
 * over, or that the filter no longer takes it.
 */
export function tombstones(grounds: Grounds): (gone: MirrorObject) => Tombstone {
  const { part, ids } = grounds
  const keys = new Map([...ids].map(([key, id]) => [id, key]))
  const rows = groupBy(part.endpoints, ({ requirement, endpoint }) => nameOf(requirement, endpointKey(endpoint)))
  return (gone) => {
    switch (gone.type) {
      case 'catalogue':
        throw new Error(`catalogues are never deleted: ${gone.id}`)
      case 'requirement': {
        if (keys.has(gone.id)) return filterTombstone(grounds)
        return deletionTombstone(grounds, lastEnd(part.requirements.filter(({ fields }) => fields.key === gone.key)))
      }
      case 'endpoint': {
        const { id, key } = gone.data.requirement
        const standing = rows
          .get(nameOf(keys.get(id) ?? '', gone.key))
          ?.find((row) => standsIn(row, grounds.after.revision.number))
        return standing
          ? standingTombstone(standing, grounds)
          : removedTombstone(gone.data, rows.get(nameOf(key, gone.key)) ?? [], grounds)
      }
      default:
        throw new Error(`unknown type ${gone satisfies never}`)
    }
  }
}

function nameOf(requirement: string, key: string): string {
  return `${requirement}\n${key}`
}

function standingTombstone({ endpoint }: HistoryRow, grounds: Grounds): Tombstone {
  const { until, replacedBy } = endpoint
  const isOver = until !== undefined && statusAt(endpoint, grounds.after.instant) === 'retired'
  const tombstone: Tombstone = isOver ? { reason: 'retired', at: until } : filterTombstone(grounds)
  return { ...tombstone, ...(replacedBy && { replacedBy }) }
}

/** The tombstone of an endpoint that no longer stands. `rows`: its rows under the last key of its requirement. */
function removedTombstone({ status }: FlatEndpoint, rows: readonly HistoryRow[], grounds: Grounds): Tombstone {
  const last = rows.reduce<HistoryRow | undefined>((a, b) => (a && a.since > b.since ? a : b), undefined)
  const { until, replacedBy } = last?.endpoint ?? {}
  const removal = deletionTombstone(grounds, lastEnd(rows))
  // Its lifetime was over before it was removed from the document. If it was mirrored as retired, its removal is a deletion all the same.
  const wasOver = until !== undefined && readInstant(until) <= readInstant(removal.at) && status !== 'retired'
  return { ...(wasOver ? { reason: 'retired', at: until } : removal), ...(replacedBy && { replacedBy }) }
}

function lastEnd(rows: readonly { readonly until?: number }[]): number {
  return Math.max(...rows.map(({ until = 0 }) => until))
}

function deletionTombstone({ after, publishedAt }: Grounds, number: number): Tombstone {
  return {
    reason: 'deleted',
    at: formatInstant(number > 0 ? publishedAt(number) : after.revision.publishedAt)
  }
}

/** The tombstone of an object that the filter no longer takes: since the last transition, or since the newer revision. */
function filterTombstone({ before, after }: Grounds): Tombstone {
  const { number, publishedAt, transitions } = after.revision
  const turned = before.revision.number === number ? intervalAt(transitions, after.instant).validFrom : undefined
  return { reason: 'left_filter', at: formatInstant(turned ?? publishedAt) }
}
