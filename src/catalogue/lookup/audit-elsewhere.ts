import { standsIn } from '../../domain/history/history.ts'
import { distinctNames, requirementNameKey } from '../../domain/history/requirement-name.ts'
import type { Revision } from '../../domain/history/revision.ts'
import { auditRows } from '../../domain/lookup/audit.ts'
import type { AuditRow } from '../../domain/lookup/audit-index.ts'
import type { Destination } from '../../domain/lookup/destination.ts'
import { everyValue, indexQuery, type KeyRange } from '../../domain/lookup/lookup-index.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { withStatus } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'

/** What the heads of the catalogues that are not audited have of some destinations, at an instant. Retired rows are left out. */
export async function rowsElsewhere(
  { store, heads }: Pick<Catalogues, 'store' | 'heads'>,
  destinations: readonly Destination[],
  audited: readonly Revision[],
  instant: Instant
): Promise<readonly AuditRow[]> {
  const own = new Set(audited.map(({ catalogue }) => catalogue))
  const others = new Map(
    heads.all().flatMap(({ revision: { catalogue, number } }) => (own.has(catalogue) ? [] : [[catalogue, number]]))
  )
  if (others.size === 0) return []
  const found = await store.findEndpoints(queryOf(destinations))
  const rows = found.flatMap((row) => {
    const number = others.get(row.catalogue)
    const endpoint = withStatus(row.endpoint, instant)
    const stands = number !== undefined && standsIn(row, number) && endpoint.status !== 'retired'
    return stands ? [{ catalogue: row.catalogue, key: row.requirement, endpoint }] : []
  })
  const fields = new Map(
    (await store.findRequirements(distinctNames(rows)))
      .filter((row) => standsIn(row, others.get(row.catalogue) ?? 0))
      .map((row) => [requirementNameKey({ catalogue: row.catalogue, key: row.fields.key }), row.fields])
  )
  return rows.flatMap(({ catalogue, key, endpoint }) => {
    const requirement = fields.get(requirementNameKey({ catalogue, key }))
    return requirement ? auditRows([{ catalogue, requirements: [{ ...requirement, endpoints: [endpoint] }] }]) : []
  })
}

/** The keys of all that equals a destination or covers it, and the ranges of all that lies in one, each part of the store once. */
function queryOf(destinations: readonly Destination[]): {
  readonly keys: readonly Uint8Array[]
  readonly ranges: readonly KeyRange[]
} {
  const keys = new Map<string, Uint8Array>()
  const ranges: KeyRange[] = []
  for (const { targets } of destinations) {
    if (targets === 'everything') ranges.push(everyValue)
    else
      for (const target of targets) {
        const query = indexQuery(target)
        for (const key of query.keys) keys.set(Buffer.from(key).toString('latin1'), key)
        ranges.push(...query.ranges, ...query.covering)
      }
  }
  return { keys: [...keys.values()], ranges: joined(ranges) }
}

function joined(ranges: readonly KeyRange[]): readonly KeyRange[] {
  const kept: KeyRange[] = []
  for (const range of [...ranges].sort((a, b) => Buffer.compare(a.from, b.from))) {
    const last = kept.at(-1)
    if (!last || Buffer.compare(last.to, range.from) < 0) kept.push(range)
    else if (Buffer.compare(last.to, range.to) < 0) kept[kept.length - 1] = { from: last.from, to: range.to }
  }
  return kept
}
