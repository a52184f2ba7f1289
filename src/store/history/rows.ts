import { and, desc, eq, lte } from 'drizzle-orm'
import type { Document, Profile, Requirement, RequirementFields } from '../../domain/document/document.ts'
import type { Edition } from '../../domain/document/edition.ts'
import type { Endpoint } from '../../domain/document/endpoint.ts'
import { PortolanError } from '../../domain/errors.ts'
import { type EndpointRow, groupRows, orderedDocument, type Rows } from '../../domain/history/rows.ts'
import type { Engine } from '../engine/engine.ts'
import type { EndpointLists } from './endpoint-lists.ts'
import { findOrder } from './order.ts'
import { idOf, toEdition } from './revision.ts'

/** The rows that a revision has once: all but those of requirements and endpoints. */
export interface Frame {
  readonly id: number
  readonly number: number
  readonly profile: Profile
  readonly edition: Edition
  readonly order: readonly string[]
}

export async function findProfile(
  { tables, query, read }: Engine,
  catalogue: string,
  number: number
): Promise<Profile> {
  const { profiles } = tables
  const [row] = await read(
    query
      .select({ body: profiles.body })
      .from(profiles)
      .where(and(eq(profiles.catalogue, idOf(tables, catalogue)), lte(profiles.since, number)))
      .orderBy(desc(profiles.since))
      .limit(1)
  )
  if (!row) throw new PortolanError('unknown_revision', `The catalogue ${catalogue} has no revision ${number}.`)
  return row.body
}

export async function findFrame(engine: Engine, catalogue: string, number: number): Promise<Frame> {
  const { tables, query, read } = engine
  const { revisions } = tables
  const id = idOf(tables, catalogue)
  const [[revision], body, found] = await Promise.all([
    read(
      query
        .select({ id: revisions.catalogue, edition: revisions.edition })
        .from(revisions)
        .where(and(eq(revisions.catalogue, id), eq(revisions.number, number)))
    ),
    findProfile(engine, catalogue, number),
    findOrder(engine, id, number)
  ])
  if (!revision || !found)
    throw new PortolanError('unknown_revision', `The catalogue ${catalogue} has no revision ${number}.`)
  return { ...revision, edition: toEdition(revision), number, profile: body, order: found.order }
}

/** Puts rows into canonical order, those of a whole revision or of a part. `order` is always that of the whole revision. */
export function assembleRows(frame: Frame, fields: Iterable<RequirementFields>, lists: EndpointLists): Rows {
  const { profile, edition, order } = frame
  const requirements = new Map<string, RequirementFields>()
  const rows: EndpointRow[] = []
  for (const { key, fields: each, endpoints } of orderedRequirements(frame, fields, lists)) {
    if (each) requirements.set(key, each)
    for (const endpoint of endpoints) rows.push({ requirement: key, endpoint })
  }
  return { profile, edition, order, requirements, endpoints: groupRows(rows) }
}

/** Puts the document together from all rows of a revision, with its members in canonical order. */
export function assembleDocument(frame: Frame, fields: Iterable<RequirementFields>, lists: EndpointLists): Document {
  const requirements = [...orderedRequirements(frame, fields, lists)].map(
    ({ key, fields: each, endpoints }): Requirement => {
      if (!each) throw new Error(`requirement ${key} stands in the order without a row`)
      return { ...each, endpoints }
    }
  )
  return orderedDocument(frame.profile, frame.edition, requirements)
}

/** A requirement in the order of its document. */
interface OrderedRequirement {
  readonly key: string
  /** Undefined where a part does not have the row. */
  readonly fields: RequirementFields | undefined
  readonly endpoints: readonly Endpoint[]
}

function* orderedRequirements(
  { order }: Frame,
  fields: Iterable<RequirementFields>,
  lists: EndpointLists
): Generator<OrderedRequirement> {
  const byKey = new Map<string, RequirementFields>()
  for (const each of fields) byKey.set(each.key, each)
  for (const key of order) yield { key, fields: byKey.get(key), endpoints: lists.of(key) }
}
