import type { RequirementFields } from '../document/document.ts'
import type { Edition } from '../document/edition.ts'
import type { Status } from '../document/endpoint.ts'
import { renames } from '../history/rename.ts'
import type { Revision } from '../history/revision.ts'
import type { Rows } from '../history/rows.ts'
import { equalJson } from '../json/equal-json.ts'
import type { Instant } from '../time/instant.ts'
import { isLive, mostAlive, statusAt } from '../view/lifetime.ts'
import type { Change, Impact } from './change.ts'
import { requirementPointer } from './change.ts'
import { type DiffSide, endpointChanges } from './endpoint-diff.ts'
import { requirementImpact } from './impact.ts'

export interface Difference {
  readonly edition?: { readonly before: Edition; readonly after: Edition }
  readonly changes: readonly Change[]
}

/** An order of more keys than this is told once, as it is after the change. */
const longestOrder = 100

/** One side of a comparison: a revision as a document, or with `effectiveAt` as a view at that instant. */
export interface ComparedSide {
  readonly revision: Revision
  readonly effectiveAt?: Instant
}

export interface Compared extends Difference {
  readonly from: ComparedSide
  readonly to: ComparedSide
}

/**
 * The changes from `before` to `after`, in a total order: those of the catalogue itself, of the order of requirements, of each requirement
 * in the order of `after` with its endpoints, and then the removals. `judgedAt`: the instant at which impact is judged for a side that is
 * no view.
 */
export function diff(before: DiffSide, after: DiffSide, judgedAt: Instant): Difference {
  const renamed = renames(before.rows, after.rows)
  const endpoints = endpointChanges(before, after, renamed, judgedAt)
  const changes = [
    ...profileChanges(before.rows, after.rows),
    ...orderChanges(before.rows, after.rows, renamed),
    ...requirementChanges(before, after, renamed, endpoints, judgedAt)
  ]
  const { edition } = before.rows
  return {
    ...(!equalJson(edition, after.rows.edition) && { edition: { before: edition, after: after.rows.edition } }),
    changes
  }
}

/** The changes of a first document: everything in it is new. */
export function diffFromNothing(after: Rows, judgedAt: Instant): readonly Change[] {
  const nothing: Rows = { ...after, order: [], requirements: new Map(), endpoints: new Map() }
  return diff({ rows: nothing }, { rows: after }, judgedAt).changes
}

function profileChanges(before: Rows, after: Rows): readonly Change[] {
  const [old, now] = differingMembers(before.profile, after.profile)
  const names = new Set([...Object.keys(old), ...Object.keys(now)])
  return [...names].map((name) => ({
    op: 'changed',
    pointer: `/${name}`,
    ...(old[name] !== undefined && { before: old[name] }),
    ...(now[name] !== undefined && { after: now[name] }),
    impact: 'informs'
  }))
}

/** The members in which two objects differ, as each of them has them. */
function differingMembers(before: object, after: object): readonly [Record<string, unknown>, Record<string, unknown>] {
  const old = new Map<string, unknown>(Object.entries(before))
  const now = new Map<string, unknown>(Object.entries(after))
  for (const [name, value] of old) {
    if (!equalJson(value, now.get(name))) continue
    old.delete(name)
    now.delete(name)
  }
  return [Object.fromEntries(old), Object.fromEntries(now)]
}

function orderChanges(before: Rows, after: Rows, renamed: ReadonlyMap<string, string>): readonly Change[] {
  const present = new Set(after.order.map((key) => renamed.get(key) ?? key))
  const kept = before.order.filter((key) => present.has(key))
  const known = new Set(kept)
  const now = after.order.filter((key) => known.has(renamed.get(key) ?? key))
  if (now.every((key, index) => (renamed.get(key) ?? key) === kept[index])) return []
  const isShort = before.order.length <= longestOrder
  return [
    {
      op: 'reordered',
      pointer: '/requirements',
      ...(isShort && { before: before.order }),
      after: after.order,
      impact: 'informs'
    }
  ]
}

function requirementChanges(
  before: DiffSide,
  after: DiffSide,
  renamed: ReadonlyMap<string, string>,
  endpoints: ReadonlyMap<string, Change[]>,
  judgedAt: Instant
): readonly Change[] {
  const [opens, closes] = [wholeImpacts(after, 'opens', judgedAt), wholeImpacts(before, 'closes', judgedAt)]
  const changes: Change[] = []
  const left = new Set(before.rows.order)
  after.rows.order.forEach((key, position) => {
    const old = renamed.get(key) ?? key
    left.delete(old)
    const now = after.rows.requirements.get(key)
    const was = before.rows.requirements.get(old)
    if (now && was) changes.push(...fieldChanges(was, now))
    else if (now)
      changes.push({
        op: 'added',
        pointer: requirementPointer(key),
        requirement: key,
        position,
        after: now,
        impact: opens(key)
      })
    changes.push(...(endpoints.get(key) ?? []))
  })
  for (const key of before.rows.order) {
    const was = left.has(key) ? before.rows.requirements.get(key) : undefined
    if (!was) continue
    changes.push({
      op: 'removed',
      pointer: requirementPointer(key),
      requirement: key,
      before: was,
      impact: closes(key)
    })
    changes.push(...(endpoints.get(key) ?? []))
  }
  return changes
}

function fieldChanges(was: RequirementFields, now: RequirementFields): readonly Change[] {
  const place = { pointer: requirementPointer(now.key), requirement: now.key }
  const [{ key: oldKey, previousKeys: oldKeys, ...old }, { key: newKey, previousKeys: newKeys, ...rest }] =
    differingMembers(was, now)
  const changes: Change[] = []
  if (oldKey !== undefined) {
    const keys = (key: unknown, previousKeys: unknown) => ({ key, ...(previousKeys !== undefined && { previousKeys }) })
    changes.push({
      op: 'renamed',
      ...place,
      before: keys(oldKey, oldKeys),
      after: keys(newKey, newKeys),
      impact: 'informs'
    })
  } else if (oldKeys !== undefined) old.previousKeys = oldKeys
  if (oldKey === undefined && newKeys !== undefined) rest.previousKeys = newKeys
  if (Object.keys(old).length > 0 || Object.keys(rest).length > 0) {
    changes.push({ op: 'changed', ...place, before: old, after: rest, impact: requirementImpact(was, now) })
  }
  return changes
}

/** The impact of a requirement that appears or disappears as a whole. It depends on the status of its endpoints. */
function wholeImpacts({ rows, effectiveAt }: DiffSide, effect: Impact, judgedAt: Instant): (key: string) => Impact {
  let statuses: ReadonlyMap<string, Status> | undefined
  return (key) => {
    // Most differences have no requirement that comes or goes, and then nobody asks.
    statuses ??= requirementStatuses(rows, effectiveAt ?? judgedAt)
    const status = statuses.get(key)
    return isLive(status) ? effect : status === 'planned' ? 'announces' : 'informs'
  }
}

/** The status of the endpoint of each requirement that is most alive at an instant. */
function requirementStatuses({ endpoints }: Rows, at: Instant): ReadonlyMap<string, Status> {
  const statuses = new Map<string, Status>()
  for (const list of endpoints.values()) {
    for (const { requirement, endpoint } of list)
      statuses.set(requirement, mostAlive(statuses.get(requirement), statusAt(endpoint, at)))
  }
  return statuses
}
