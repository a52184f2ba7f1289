import { type Endpoint, endpointId, endpointValue, type Status } from '../document/endpoint.ts'
import { compareEndpoints } from '../document/endpoint-order.ts'
import type { EndpointRow, Rows } from '../history/rows.ts'
import { equalJson } from '../json/equal-json.ts'
import type { Instant } from '../time/instant.ts'
import { statusAt } from '../view/lifetime.ts'
import { withStatus } from '../view/view.ts'
import type { Change } from './change.ts'
import { endpointPointer } from './change.ts'
import { endpointImpact, Union, type Unions } from './impact.ts'

/** A document, or with `effectiveAt` a view of it. In a view statuses are compared too, and retired endpoints count as absent. */
export interface DiffSide {
  readonly rows: Rows
  readonly effectiveAt?: Instant
}

/** An endpoint as one side has it. */
interface Present {
  /** The key of its requirement, and for a renamed one the new key. */
  readonly requirement: string
  readonly endpoint: Endpoint
  readonly status: Status
}

/** The changes of endpoints in canonical order, by the key of the requirement under which they are reported. */
export function endpointChanges(
  before: DiffSide,
  after: DiffSide,
  renamed: ReadonlyMap<string, string>,
  judgedAt: Instant
): ReadonlyMap<string, Change[]> {
  const newKeys = new Map([...renamed].map(([key, old]) => [old, key]))
  const found = new Map<string, { readonly was: Present | undefined; readonly now: Present | undefined }[]>()
  const report = (was: Present | undefined, now: Present | undefined) => {
    if (
      was &&
      now &&
      equalJson(was.endpoint, now.endpoint) &&
      (before.effectiveAt === undefined || was.status === now.status)
    )
      return
    const key = now?.requirement ?? was?.requirement ?? ''
    const list = found.get(key)
    if (list) list.push({ was, now })
    else found.set(key, [{ was, now }])
  }
  const present = (side: DiffSide, rows: readonly EndpointRow[] | undefined): readonly Present[] => {
    if (!rows) return []
    const all = rows.map(({ requirement, endpoint }) => ({
      requirement: newKeys.get(requirement) ?? requirement,
      endpoint,
      status: statusAt(endpoint, side.effectiveAt ?? judgedAt)
    }))
    return side.effectiveAt === undefined ? all : all.filter(({ status }) => status !== 'retired')
  }
  const renamedIds = new Set<string>()
  for (const [id, rows] of after.rows.endpoints) {
    const [first] = rows
    const oldKey = first && renamed.get(first.requirement)
    const oldId = first && oldKey !== undefined ? endpointId(oldKey, first.endpoint) : id
    if (oldId !== id) renamedIds.add(oldId)
    const oldRows = before.rows.endpoints.get(oldId)
    // Most rows are the same on both sides, and need no further look.
    if (
      before.effectiveAt === undefined &&
      rows.length === 1 &&
      oldRows?.length === 1 &&
      equalJson(oldRows[0]?.endpoint, first?.endpoint)
    )
      continue
    for (const [was, now] of pairs(present(before, oldRows), present(after, rows))) report(was, now)
  }
  for (const [id, rows] of before.rows.endpoints) {
    if (after.rows.endpoints.has(id) || renamedIds.has(id)) continue
    for (const was of present(before, rows)) report(was, undefined)
  }
  const values = new Set(
    [...found.values()]
      .flat()
      .flatMap(({ was, now }) => [was, now].flatMap((row) => (row ? [endpointValue(row.endpoint)] : [])))
  )
  const unions = {
    before: new Union(before.rows, before.effectiveAt ?? judgedAt, values),
    after: new Union(after.rows, after.effectiveAt ?? judgedAt, values)
  }
  const changes = new Map<string, Change[]>()
  for (const [key, list] of found) {
    list.sort((a, b) => comparePresent(a.now ?? a.was, b.now ?? b.was))
    changes.set(
      key,
      list.map(({ was, now }) => endpointChange(was, now, unions, before.effectiveAt, after.effectiveAt))
    )
  }
  return changes
}

function comparePresent(a: Present | undefined, b: Present | undefined): number {
  return a && b ? compareEndpoints(a.endpoint, b.endpoint) : 0
}

/**
 * Pairs the lifetimes of one value. If each side has one, it is the same endpoint, whatever its bounds. Several lifetimes are paired by
 * `from`.
 */
function pairs(
  before: readonly Present[],
  after: readonly Present[]
): readonly (readonly [Present | undefined, Present | undefined])[] {
  if (before.length <= 1 && after.length <= 1) return before.length + after.length === 0 ? [] : [[before[0], after[0]]]
  const left = new Set(before)
  const found = after.map((now): [Present | undefined, Present] => {
    const was = before.find(({ endpoint }) => endpoint.from === now.endpoint.from)
    if (was) left.delete(was)
    return [was, now]
  })
  return [...found, ...[...left].map((was): [Present, undefined] => [was, undefined])]
}

function endpointChange(
  was: Present | undefined,
  now: Present | undefined,
  unions: Unions,
  effectiveBefore: Instant | undefined,
  effectiveAfter: Instant | undefined
): Change {
  const shown = now ?? was
  if (!shown) throw new Error('a change without an endpoint')
  const { requirement, endpoint } = shown
  const value = endpointValue(endpoint)
  return {
    op: was && now ? 'changed' : now ? 'added' : 'removed',
    pointer: endpointPointer(requirement, endpoint),
    requirement,
    endpoint: { kind: endpoint.kind, ...(value !== '' && { value }) },
    ...(was && { before: effectiveBefore === undefined ? was.endpoint : withStatus(was.endpoint, effectiveBefore) }),
    ...(now && { after: effectiveAfter === undefined ? now.endpoint : withStatus(now.endpoint, effectiveAfter) }),
    impact: endpointImpact(unions, was, now)
  }
}
