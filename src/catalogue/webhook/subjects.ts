import type { Change } from '../../domain/change/change.ts'
import { diff, diffFromNothing } from '../../domain/change/diff.ts'
import type { RequirementFields } from '../../domain/document/document.ts'
import { type CatalogueEvent, isCatalogueEvent, type LoggedEvent } from '../../domain/event/event.ts'
import { transitionChanges } from '../../domain/event/transition.ts'
import { groupBy } from '../../domain/group.ts'
import { type HistoryRequirement, standsIn } from '../../domain/history/history.ts'
import { distinctNames, type RequirementName, requirementNameKey } from '../../domain/history/requirement-name.ts'
import { toRows } from '../../domain/history/rows.ts'
import type { Subject } from '../../domain/webhook/subscription-filter.ts'
import type { Slot } from '../cache.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

const subjects: Slot<readonly Subject[]> = { name: 'subjects', bytes: (list) => 100 + list.length * 100 }

/**
 * The subjects of events, by the id of the event: their changes, with the requirements as they stand before and after. They never change,
 * so they are kept. The store is asked once for all events, and once more for each event that had no room for all its changes.
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
    else
      missing.push({
        event,
        changes: event.truncated && isCatalogueEvent(event) ? await allChanges(sources, event) : event.changes
      })
  }
  if (missing.length === 0) return found
  const names = missing.flatMap(({ event, changes }) => changes.flatMap((change) => requirementOf(event, change) ?? []))
  const requirements = await sources.store.findRequirements(distinctNames(names))
  const rows = groupBy(requirements, ({ catalogue, fields }) => requirementNameKey({ catalogue, key: fields.key }))
  for (const { event, changes } of missing) {
    const made = subjectsIn(event, changes, rows)
    sources.cache.set(subjects, event.id, made)
    found.set(event.id, made)
  }
  return found
}

/** The requirement that a change is about; undefined where it is about the catalogue itself. */
function requirementOf(event: LoggedEvent, { requirement: key }: Change): RequirementName | undefined {
  return key === undefined || !isCatalogueEvent(event) ? undefined : { catalogue: event.catalogue, key }
}

function subjectsIn(
  event: LoggedEvent,
  changes: readonly Change[],
  rows: ReadonlyMap<string, readonly HistoryRequirement[]>
): readonly Subject[] {
  const { number } = event.revision
  return changes.flatMap((change): readonly Subject[] => {
    const { impact } = change
    const name = requirementOf(event, change)
    const near = (name ? (rows.get(requirementNameKey(name)) ?? []) : []).filter(
      (row) => standsIn(row, number) || standsIn(row, number - 1)
    )
    return near.length === 0
      ? [{ impact }]
      : near.map(({ fields }) => ({ impact, requirement: filteredFields(fields) }))
  })
}

/** The fields of a requirement that filters look at; the rest is not kept. */
function filteredFields({ key, scope, direction, tags }: RequirementFields): NonNullable<Subject['requirement']> {
  return { key, scope, direction, ...(tags && { tags }) }
}

/** The changes of an event that had no room for all of them, worked out again. */
async function allChanges(sources: Sources, event: CatalogueEvent): Promise<readonly Change[]> {
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
    case 'catalogue.transition_upcoming':
      return transitionChanges(await rows(), effectiveAt)
    case 'feed.failing':
    case 'feed.held':
    case 'feed.stale':
      return []
    default:
      throw new Error(`unknown type ${event.type satisfies never}`)
  }
}
