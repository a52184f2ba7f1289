import { slicesAt } from '../../catalogue/export/slices.ts'
import { type Comparand, compare } from '../../catalogue/history/compare.ts'
import { timelineEntries, timelineLines } from '../../catalogue/history/timeline.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import { feedPins } from '../../catalogue/read/feed-parts.ts'
import { mementoInstant } from '../../catalogue/read/point.ts'
import { parseAsOf } from '../../domain/read/as-of.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import type { Instant } from '../../domain/time/instant.ts'
import { endpointTest, requirementTest } from '../../domain/view/filter-tree.ts'
import { namedRows } from '../../render/export/flat-rows.ts'
import { comparisonJson } from '../../render/history/comparison-json.ts'
import { Connection, connectionPage, type ListIdentity, rangeOf } from '../reading/connection.ts'
import type { Context } from '../reading/context.ts'
import type { DiffNode } from '../reading/diff-node.ts'
import { revisionNode } from '../reading/revision-node.ts'
import type { CatalogueRead } from '../reading/tree.ts'
import type { FieldResolvers, SomeResolvers } from '../resolvers.ts'
import type { CatalogueDiffArgs } from '../schema-types.ts'

/** The fields of a catalogue, but for its exports. */
export const catalogueTypeFields = {
  Catalogue: {
    revision: ({ point }) => revisionNode(point.revision),
    etag: ({ point }) => documentTag(point.revision),
    document: ({ point }, _, { snapshot }) => loadDocument(snapshot.catalogues, point.revision),
    requirement: ({ tree, point }, { key }, { snapshot: { catalogues, dependencies } }) => {
      const found = tree.requirements.find((requirement) => requirement.key === key)
      const { catalogue, number } = point.revision
      // What an earlier revision does not have, it never will.
      if (!found && catalogues.heads.get(catalogue)?.revision.number === number) dependencies.addAbsence()
      return found
    },
    requirements: (read, { filter, ...paging }) => {
      const matches = requirementTest(filter)
      return connectionPage(listOf(read, 'requirements', filter), read.tree.requirements.filter(matches), paging)
    },
    endpoints: (read, { filter, ...paging }) => {
      const matches = endpointTest(filter)
      const found = read.tree.requirements.flatMap((requirement) =>
        requirement.endpoints.filter((endpoint) => matches({ requirement, endpoint }))
      )
      return connectionPage(listOf(read, 'endpoints', filter), found, paging)
    },
    rows: (read, { filter, ...paging }) => {
      const matches = endpointTest(filter)
      const requirements = read.tree.view.requirements.map((requirement) => ({
        ...requirement,
        endpoints: requirement.endpoints.filter((endpoint) => matches({ requirement, endpoint }))
      }))
      return connectionPage(listOf(read, 'rows', filter), namedRows({ ...read.tree.view, requirements }), paging)
    },
    revisions: async (read, paging, { snapshot: { catalogues } }) => {
      const { catalogue, number } = read.point.revision
      const list = listOf(read, 'revisions')
      const { start, end } = rangeOf(list, number, paging)
      const limit = end - start
      const page = limit > 0 ? await catalogues.store.revisions(catalogue, { from: number - start, limit }) : []
      return new Connection(list, start, page.map(revisionNode), number)
    },
    timeline: async (read, paging, { snapshot: { catalogues, dependencies } }) => {
      const { revision, instant, isTimed } = read.point
      const list = listOf(read, 'timeline')
      const lines = await timelineLines(catalogues, revision)
      const { start, end } = rangeOf(list, lines.length, paging)
      const page = lines.slice(start, end)
      // Earlier revisions have transitions of their own: what is announced here has happened then.
      if (!isTimed) for (const { at } of page) if (at > instant) dependencies.endAt(at)
      return new Connection(list, start, await timelineEntries(catalogues, page, instant), lines.length)
    },
    slices: async (read, paging, { snapshot: { catalogues } }) =>
      connectionPage(listOf(read, 'slices'), await slicesAt(catalogues, read.point, {}), paging),
    diff: (read, args, context) => diffOf(read, args, context)
  },
  Diff: { changes: ({ list, changes }, paging) => connectionPage(list, changes, paging) }
} satisfies SomeResolvers<'Catalogue', Exclude<keyof FieldResolvers['Catalogue'], 'export'>> &
  SomeResolvers<'Diff', 'changes'>

/** A catalogue that is read at a revision is compared up to that revision. */
async function diffOf(
  read: CatalogueRead,
  { from, to, fromEffectiveAt, toEffectiveAt }: CatalogueDiffArgs,
  { snapshot: { catalogues, dependencies } }: Context
): Promise<DiffNode> {
  const { catalogue, number } = read.point.revision
  const earlier = comparand('from', from, fromEffectiveAt)
  const later = comparand('to', to ?? String(number), toEffectiveAt)
  const comparison = await compare(catalogues, catalogue, earlier, later)
  if (comparison.movesWithClock) dependencies.forbidKeeping()
  return {
    ...comparisonJson(comparison),
    list: listOf(read, 'diff', [from, to, fromEffectiveAt, toEffectiveAt])
  }
}

function comparand(name: string, asOf: string | null | undefined, effectiveAt: Instant | null | undefined): Comparand {
  return {
    ...(asOf && { asOf: parseAsOf(asOf, name) }),
    ...(typeof effectiveAt === 'number' && { effectiveAt })
  }
}

/** What tells a list below a catalogue from others. Its page run stays at the revisions and the instant at which it began. */
function listOf({ point }: CatalogueRead, field: string, filter?: unknown): ListIdentity {
  const { revision, instant, isTimed, feeds } = point
  const name = JSON.stringify([revision.catalogue, field, filter ?? null, ...(feeds ? ['feeds'] : [])])
  return {
    name,
    point: revision.number,
    instant: isTimed ? instant : mementoInstant(point),
    ...(feeds && { feeds: feedPins(point) })
  }
}
