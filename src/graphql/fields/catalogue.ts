import { slicesAt } from '../../catalogue/export/slices.ts'
import { type Comparand, compare } from '../../catalogue/history/compare.ts'
import { timelineEntries, timelineLines } from '../../catalogue/history/timeline.ts'
import { loadDocument } from '../../catalogue/read/document.ts'
import { mementoInstant } from '../../catalogue/read/point.ts'
import { parseAsOf } from '../../domain/read/as-of.ts'
import { documentTag } from '../../domain/read/document-tag.ts'
import type { Instant } from '../../domain/time/instant.ts'
import {
  type EndpointFilterTree,
  endpointTest,
  type RequirementFilterTree,
  requirementTest
} from '../../domain/view/filter-tree.ts'
import { flatRows } from '../../render/export/flat-rows.ts'
import { comparisonJson } from '../../render/history/comparison-json.ts'
import { Connection, connectionPage, type Listed, type Paging, rangeOf } from '../reading/connection.ts'
import type { Context } from '../reading/context.ts'
import type { Resolvers } from '../reading/resolver.ts'
import type { CatalogueRead } from '../reading/tree.ts'
import { revisionNode } from './revisions.ts'

interface DiffArgs {
  readonly from?: string | null
  readonly to?: string | null
  readonly fromEffectiveAt?: Instant | null
  readonly toEffectiveAt?: Instant | null
}

/** What stands below a catalogue. */
export const catalogueTypeFields: Resolvers = {
  Catalogue: {
    revision: ({ point }: CatalogueRead) => revisionNode(point.revision),
    etag: ({ point }: CatalogueRead) => documentTag(point.revision),
    document: ({ point }: CatalogueRead, _: unknown, { snapshot: { catalogues } }) =>
      loadDocument(catalogues, point.revision),
    requirement: ({ tree }: CatalogueRead, { key }: { readonly key: string }) =>
      tree.requirements.find((requirement) => requirement.key === key),
    requirements: (read: CatalogueRead, { filter, ...paging }: Paging & { filter?: RequirementFilterTree | null }) => {
      const matches = requirementTest(filter)
      return connectionPage(listed(read, 'requirements', filter), read.tree.requirements.filter(matches), paging)
    },
    endpoints: (read: CatalogueRead, { filter, ...paging }: Paging & { filter?: EndpointFilterTree | null }) => {
      const matches = endpointTest(filter)
      const found = read.tree.requirements.flatMap((requirement) =>
        requirement.endpoints.filter((endpoint) => matches({ requirement, endpoint }))
      )
      return connectionPage(listed(read, 'endpoints', filter), found, paging)
    },
    rows: (read: CatalogueRead, { filter, ...paging }: Paging & { filter?: EndpointFilterTree | null }) => {
      const matches = endpointTest(filter)
      const requirements = read.tree.view.requirements.map((requirement) => ({
        ...requirement,
        endpoints: requirement.endpoints.filter((endpoint) => matches({ requirement, endpoint }))
      }))
      return connectionPage(listed(read, 'rows', filter), [...flatRows({ ...read.tree.view, requirements })], paging)
    },
    revisions: async (read: CatalogueRead, paging: Paging, { snapshot: { catalogues } }) => {
      const { catalogue, number } = read.point.revision
      const run = listed(read, 'revisions')
      const { start, end } = rangeOf(run, number, paging)
      const limit = end - start
      const page = limit > 0 ? await catalogues.store.revisions(catalogue, { from: number - start, limit }) : []
      return new Connection(run, start, page.map(revisionNode), number)
    },
    timeline: async (read: CatalogueRead, paging: Paging, { snapshot: { catalogues, dependencies } }) => {
      const { revision, instant, isTimed } = read.point
      const run = listed(read, 'timeline')
      const lines = await timelineLines(catalogues, revision)
      const { start, end } = rangeOf(run, lines.length, paging)
      const page = lines.slice(start, end)
      // Earlier revisions have transitions of their own: what is announced here has happened then.
      if (!isTimed) for (const { at } of page) if (at > instant) dependencies.endAt(at)
      return new Connection(run, start, await timelineEntries(catalogues, page, instant), lines.length)
    },
    slices: async (read: CatalogueRead, paging: Paging, { snapshot: { catalogues } }) =>
      connectionPage(listed(read, 'slices'), await slicesAt(catalogues, read.point, {}), paging),
    diff: (read: CatalogueRead, args: DiffArgs, context) => diffOf(read, args, context)
  },
  Diff: {
    changes: ({ list, changes }: Awaited<ReturnType<typeof diffOf>>, paging: Paging) =>
      connectionPage(list, changes, paging)
  }
}

/** A catalogue that is read at a revision is compared up to that revision. */
async function diffOf(
  read: CatalogueRead,
  { from, to, fromEffectiveAt, toEffectiveAt }: DiffArgs,
  { snapshot: { catalogues, dependencies } }: Pick<Context, 'snapshot'>
) {
  const { catalogue, number } = read.point.revision
  const [earlier, later] = [
    comparand('from', from, fromEffectiveAt),
    comparand('to', to ?? String(number), toEffectiveAt)
  ]
  const comparison = await compare(catalogues, catalogue, earlier, later)
  if (comparison.movesWithClock) dependencies.forbidKeeping()
  return {
    ...comparisonJson(comparison),
    list: listed(read, 'diff', [from, to, fromEffectiveAt, toEffectiveAt])
  }
}

function comparand(name: string, asOf: string | null | undefined, effectiveAt: Instant | null | undefined): Comparand {
  return {
    ...(asOf && { asOf: parseAsOf(asOf, name) }),
    ...(typeof effectiveAt === 'number' && { effectiveAt })
  }
}

/** What names a list below a catalogue, for its cursors. A page run stays at the revision and instant at which it began. */
function listed({ point }: CatalogueRead, name: string, asked?: unknown): Listed {
  const { revision, instant, isTimed } = point
  const run = JSON.stringify([revision.catalogue, name, asked ?? null])
  return { run, point: revision.number, instant: isTimed ? instant : mementoInstant(point) }
}
