import type { Change } from '../domain/change.ts'
import { diff, diffFromNothing } from '../domain/diff.ts'
import type { RequirementFields } from '../domain/document.ts'
import type { LoggedEvent } from '../domain/event.ts'
import { standsIn } from '../domain/history.ts'
import { toRows } from '../domain/rows.ts'
import type { Subject } from '../domain/subscription-filter.ts'
import type { Slot } from './cache.ts'
import type { Catalogues } from './catalogues.ts'
import { documentOf } from './document.ts'

type Sources = Pick<Catalogues, 'store' | 'cache'>

const subjects: Slot<readonly Subject[]> = { name: 'subjects', bytes: (list) => 100 + list.length * 100 }

/** All that an event is about, with the requirements as they stand before and after. It never changes, so it may come from memory. */
export async function subjectsOf(sources: Sources, event: LoggedEvent): Promise<readonly Subject[]> {
  const kept = sources.cache.get(subjects, event.id)
  if (kept) return kept
  const { catalogue, revision } = event
  const changes = event.truncated ? await allChanges(sources, event) : event.changes
  const keys = new Set(changes.flatMap(({ requirement }) => (requirement === undefined ? [] : [requirement])))
  const rows = await sources.store.findRequirements([...keys].map((key) => ({ catalogue, key })))
  const near = rows.filter((row) => standsIn(row, revision.number) || standsIn(row, revision.number - 1))
  const made = changes.flatMap(({ impact, requirement }): readonly Subject[] => {
    const found = near.filter(({ fields }) => fields.key === requirement)
    return found.length === 0 ? [{ impact }] : found.map(({ fields }) => ({ impact, requirement: glimpse(fields) }))
  })
  sources.cache.set(subjects, event.id, made)
  return made
}

/** Only this of a requirement decides: the rest is not kept. */
function glimpse({ key, scope, direction, tags }: RequirementFields): NonNullable<Subject['requirement']> {
  return { key, scope, direction, ...(tags && { tags }) }
}

/** What an event had no room for. */
async function allChanges(sources: Sources, event: LoggedEvent): Promise<readonly Change[]> {
  const { catalogue, effectiveAt, revision } = event
  const { number } = revision
  const rows = async () => toRows(await documentOf(sources, { catalogue, number }))
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
