import { and, asc, eq } from 'drizzle-orm'
import type { Document, Profile, RequirementFields } from '../../domain/document/document.ts'
import type { Endpoint } from '../../domain/document/endpoint.ts'
import { orderedDocument } from '../../domain/history/rows.ts'
import type { Reads } from '../engine/engine.ts'
import { openUntil, type Tables } from '../engine/tables.ts'
import { EndpointLists } from '../history/endpoint-lists.ts'
import { compareTuples } from '../history/endpoint-tuple.ts'
import { nextOrder } from '../history/order.ts'
import { toEdition } from '../history/revision.ts'
import { damage } from './damage.ts'
import { checkEndpoint, type EndpointColumns, tupleOf } from './endpoint-check.ts'
import { strictRows } from './strict-rows.ts'

export type CatalogueRow = Tables['catalogues']['$inferSelect']

/** A revision as its row has it, with the document that the rows of history make. */
export interface ReplayedRevision {
  readonly row: Tables['revisions']['$inferSelect']
  readonly document: Document
  /** How many rows it added. */
  readonly added: { readonly requirements: number; readonly endpoints: number }
}

/** What stands in the revision that was replayed last. */
interface Standing {
  profile: Profile | undefined
  order: readonly string[]
  readonly requirements: Map<string, { readonly until: number; readonly fields: RequirementFields }>
  readonly endpoints: Map<string, EndpointColumns[]>
  /** The endpoints of each requirement as its document has them. */
  readonly lists: Map<string, readonly Endpoint[]>
}

/**
 * Goes through the revisions of a catalogue, from the first to the newest: each closes and opens the rows that name it. Only what stands is
 * in memory.
 * @throws PortolanError `store_damaged` where the rows are none that publishing writes
 */
export async function* replay(reads: Reads, catalogue: CatalogueRow): AsyncGenerator<ReplayedRevision> {
  const standing: Standing = {
    profile: undefined,
    order: [],
    requirements: new Map(),
    endpoints: new Map(),
    lists: new Map()
  }
  const { slug, head } = catalogue
  for (let number = 1; number <= head; number += 1) {
    const { tables } = reads
    const { revisions, profiles, orders, requirements, endpoints } = tables
    const opened = (table: typeof requirements | typeof endpoints | typeof profiles | typeof orders) =>
      and(eq(table.catalogue, catalogue.id), eq(table.since, number))
    const isRevision = and(eq(revisions.catalogue, catalogue.id), eq(revisions.number, number))
    const [row] = await strictRows(reads, revisions, { where: isRevision })
    if (!row) throw damage(`Revision ${number} of ${slug} is missing.`)
    const [profile] = await strictRows(reads, profiles, { where: opened(profiles) })
    const [order] = await strictRows(reads, orders, { where: opened(orders) })
    if (profile) standing.profile = profile.body
    if (order) standing.order = nextOrder(standing.order, order)
    closeRows(standing, number)
    const fields = await strictRows(reads, requirements, { where: opened(requirements) })
    for (const each of fields) openRequirement(standing, catalogue, each)
    const rows = await strictRows(reads, endpoints, { where: opened(endpoints), order: [asc(endpoints.place)] })
    openEndpoints(standing, catalogue, rows)
    const added = { requirements: fields.length, endpoints: rows.length }
    yield { row, document: documentOf(standing, row, slug), added }
  }
}

function closeRows({ requirements, endpoints, lists }: Standing, number: number): void {
  for (const [key, { until }] of requirements) if (until === number) requirements.delete(key)
  for (const [key, rows] of endpoints) {
    const left = rows.filter(({ until }) => until !== number)
    if (left.length === rows.length) continue
    lists.delete(key)
    if (left.length > 0) endpoints.set(key, left)
    else endpoints.delete(key)
  }
}

function openRequirement(
  { requirements }: Standing,
  { slug, head }: CatalogueRow,
  row: Tables['requirements']['$inferSelect']
): void {
  const where = `The requirement ${row.key} of revision ${row.since} of ${slug}`
  if (!isEnd(row, head)) throw damage(`${where} ends at ${row.until}, which is no later revision.`)
  if (row.body.key !== row.key) throw damage(`${where} has the key ${row.body.key} in its fields.`)
  if (requirements.has(row.key)) throw damage(`${where} stands beside an earlier one with this key.`)
  requirements.set(row.key, { until: row.until, fields: row.body })
}

function openEndpoints(
  { endpoints, lists }: Standing,
  { slug, head }: CatalogueRow,
  rows: readonly EndpointColumns[]
): void {
  for (const [place, row] of rows.entries()) {
    if (row.place !== place) throw damage(`Revision ${row.since} of ${slug} added no endpoint row ${place}.`)
    if (!isEnd(row, head))
      throw damage(`The endpoint ${row.value} of revision ${row.since} of ${slug} ends at ${row.until}.`)
    checkEndpoint(slug, row)
    const list = endpoints.get(row.requirement)
    if (list) list.push(row)
    else endpoints.set(row.requirement, [row])
    lists.delete(row.requirement)
  }
}

/** Whether a row ends in a later revision, or stands in the newest one. */
function isEnd({ since, until }: { readonly since: number; readonly until: number }, head: number): boolean {
  return until === openUntil || (until > since && until <= head)
}

function documentOf(
  { profile, order, requirements, endpoints, lists }: Standing,
  row: ReplayedRevision['row'],
  slug: string
): Document {
  const where = `Revision ${row.number} of ${slug}`
  if (!profile) throw damage(`${where} has no profile.`)
  const listed = new Set(order)
  const unlisted = [...requirements.keys(), ...endpoints.keys()].find((key) => !listed.has(key))
  if (unlisted !== undefined) throw damage(`${where} has rows of ${unlisted}, which is none of its requirements.`)
  return orderedDocument(
    profile,
    toEdition(row),
    order.map((key) => {
      const standing = requirements.get(key)
      if (!standing) throw damage(`${where} has no row of its requirement ${key}.`)
      const list = lists.get(key) ?? listOf(endpoints.get(key) ?? [], key)
      lists.set(key, list)
      return { ...standing.fields, endpoints: list }
    })
  )
}

function listOf(rows: readonly EndpointColumns[], key: string): readonly Endpoint[] {
  return EndpointLists.of(rows.map(tupleOf).sort(compareTuples)).of(key)
}
