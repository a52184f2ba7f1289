import type { Change } from '../../domain/change/change.ts'
import { diff, diffFromNothing } from '../../domain/change/diff.ts'
import type { RequirementFields } from '../../domain/document/document.ts'
import type { LoggedEvent } from '../../domain/event/event.ts'
import { groupBy } from '../../domain/group.ts'
import { type HistoryRequirement, standsIn } from '../../domain/history/history.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { Subject } from '../../domain/webhook/subscription-filter.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

const subjects: Slot<readonly Subject[]> = { name: 'subjects', bytes: (list) => 100 + list.length * 100 }

/**
 * All that events are about, with the requirements as they stand before and after, by the id of the event. It never changes, so it may come
 * from memory. The store is asked once for all of them, and once more for each event that had no room for its changes.
 */
export async function subjectsOf(
  sources: Sources,
  events: readonly LoggedEvent[]
): Promise<ReadonlyMap<string, readonly Subject[]>> {
  const found = new Map<string, readonly Subject[]>()
  const missing: { readonly event: LoggedEvent; readonly changes: readonly Change[] }[] = []
  for (const event of events) {
    const kept = sources.cache.get(subjects, event.id)
    if (kept) found.set(event.id, kept)
    else missing.push({ event, changes: event.truncated ? await allChanges(sources, event) : event.changes })
  }
  if (missing.length === 0) return found
  const rows = groupBy(await sources.store.findRequirements(named(missing)), nameOf)
  for (const { event, changes } of missing) {
    const made = subjectsIn(event, changes, rows)
    sources.cache.set(subjects, event.id, made)
    found.set(event.id, made)
  }
  return found
}

function nameOf({ catalogue, fields }: HistoryRequirement): string {
  return `${catalogue}\n${fields.key}`
}

/** The requirements that the changes speak of, each once. */
function named(missing: readonly { readonly event: LoggedEvent; readonly changes: readonly Change[] }[]) {
  const names = new Map<string, { readonly catalogue: string; readonly key: string }>()
  for (const { event, changes } of missing)
    for (const { requirement: key } of changes)
      if (key !== undefined) names.set(`${event.catalogue}\n${key}`, { catalogue: event.catalogue, key })
  return [...names.values()]
}

function subjectsIn(
  { catalogue, revision: { number } }: LoggedEvent,
  changes: readonly Change[],
  rows: ReadonlyMap<string, readonly HistoryRequirement[]>
): readonly Subject[] {
  return changes.flatMap(({ impact, requirement }): readonly Subject[] => {
    const near = (rows.get(`${catalogue}\n${requirement}`) ?? []).filter(
      (row) => standsIn(row, number) || standsIn(row, number - 1)
    )
    return near.length === 0 ? [{ impact }] : near.map(({ fields }) => ({ impact, requirement: glimpse(fields) }))
  })
}

/** Only this of a requirement decides: the rest is not kept. */
function glimpse({ key, scope, direction, tags }: RequirementFields): NonNullable<Subject['requirement']> {
  return { key, scope, direction, ...(tags && { tags }) }
}

/** What an event had no room for. */
async function allChanges(sources: Sources, event: LoggedEvent): Promise<readonly Change[]> {
  const { catalogue, effectiveAt, revision } = event
  const { number } = revision
  const rows = async () => toRows(await loadDocument(sources, { catalogue, number }))
  switch (event.type) {
    case 'catalogue.created':
      return diffFromNothing(await rows(), effectiveAt)
    case 'catalogue.revision_published': {
      const { before, after } = await sources.store.rowsBetween(catalogue, number - 1, number)
      return diff({ rows: before }, { rows: after }, effectiveAt).changes
    }
    case 'catalogue.transitioned':
    case 'catalogue.transition_upcoming': {
      const view = await rows()
      const before = { rows: view, effectiveAt: effectiveAt - 1 }
      return diff(before, { rows: view, effectiveAt }, effectiveAt).changes
    }
    default:
      throw new Error(`unknown type ${event.type satisfies never}`)
  }
}
