import { type HistoryRow, standsIn } from '../../domain/history/history.ts'
import { type Audit, audit } from '../../domain/lookup/audit.ts'
import { type AuditEntry, portName } from '../../domain/lookup/audit-entry.ts'
import { indexQuery } from '../../domain/lookup/lookup-index.ts'
import { type View, type ViewRequirement, viewAt, withStatus } from '../../domain/view/view.ts'
import type { Catalogues } from '../catalogues.ts'
import { loadDocument } from '../read/document.ts'
import type { Point } from '../read/point.ts'

/** How many unknown entries are looked up in history at a time. */
const batchSize = 50

/**
 * Compares the entries of a firewall with a catalogue at a point. An entry that the view does not name, but an earlier revision does, is
 * retired and not unknown.
 */
export async function auditEntries(
  catalogues: Pick<Catalogues, 'store' | 'cache'>,
  point: Point,
  entries: readonly AuditEntry[]
): Promise<Audit> {
  const { revision, instant } = point
  const view = viewAt(await loadDocument(catalogues, revision), revision, instant)
  const present = audit(view, entries)
  const unknown = new Set(present.unknown.map(identity))
  const unknownEntries = entries.filter(({ target, port }) =>
    unknown.has(identity({ value: target.value, ...(port && { port: portName(port) }) }))
  )
  if (unknownEntries.length === 0) return present
  const past = audit(await pastView(catalogues, point, view, unknownEntries), unknownEntries)
  const known = new Set(past.retired.map(identity))
  return {
    ...present,
    retired: [...present.retired, ...past.retired],
    unknown: present.unknown.filter((result) => !known.has(identity(result)))
  }
}

function identity({ value, port }: { readonly value: string; readonly port?: string }): string {
  return `${value}\n${port ?? ''}`
}

/** The rows of earlier revisions that match the entries, as a view in which all endpoints are retired. */
async function pastView(
  { store }: Pick<Catalogues, 'store'>,
  { revision }: Point,
  view: View,
  entries: readonly AuditEntry[]
): Promise<View> {
  const rows: HistoryRow[] = []
  for (let at = 0; at < entries.length; at += batchSize) {
    const queries = entries.slice(at, at + batchSize).map(({ target }) => indexQuery(target))
    const found = await store.findEndpoints({
      keys: queries.flatMap(({ keys }) => keys),
      ranges: queries.flatMap(({ ranges }) => ranges)
    })
    rows.push(
      ...found.filter(
        (row) => row.catalogue === revision.catalogue && row.since <= revision.number && !standsIn(row, revision.number)
      )
    )
  }
  const named = [...new Set(rows.map(({ requirement }) => requirement))].map((key) => ({
    catalogue: revision.catalogue,
    key
  }))
  const history = named.length === 0 ? [] : await store.findRequirements(named)
  const requirements = rows.flatMap(({ requirement, endpoint, until }): ViewRequirement[] => {
    const fields = history.find((row) => row.fields.key === requirement && standsIn(row, (until ?? 1) - 1))?.fields
    return fields ? [{ ...fields, endpoints: [{ ...withStatus(endpoint, 0), status: 'retired' }] }] : []
  })
  return { ...view, requirements }
}
