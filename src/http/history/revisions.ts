import Type from 'typebox'
import { revisionOf, revisionWithChanges } from '../../catalogue/history/revisions.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { changesPath, fittingChanges, revisionJson } from '../../render/history/revision-json.ts'
import { pageLinks } from '../answer/paging.ts'
import { baseOf, type RouteContext, sendPoint } from '../answer/send-point.ts'
import { changeLimitOf, changePageFields, cursorAfter, cursorOf, limitOf, pageFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { documentHeaders } from '../schema/header-schema.ts'
import { RevisionSchema, RevisionWithChangesSchema } from '../schema/revision-schema.ts'
import { closed } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, pageCodes, pageSchema, readAnswers } from '../schema/schemas.ts'

const contentType = 'application/json; charset=utf-8'
export const RevisionParamsSchema = Type.Object(
  {
    ...CatalogueParamsSchema.properties,
    number: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Number of the revision', examples: [1] })
  },
  { additionalProperties: false }
)

export function revisionRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/v1/catalogues/:id/revisions',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listRevisions',
        summary: 'The history of a catalogue, newest first',
        description:
          'Each without its changes, which its own URL has. `chain` proves that no revision was inserted later.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object(pageFields, { additionalProperties: false }),
        response: readAnswers('A page of revisions', pageSchema(RevisionSchema, 'RevisionPage'), documentHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { id } = request.params
      const run = `revisions\n${id}`
      const cursor = cursorOf(request.query, run)
      const limit = limitOf(request.query)
      // A page run descends from the revision that was the newest when it began: offsets count from there.
      const point = await pointAt(catalogues, id, {
        asOf: cursor ? { kind: 'number', number: cursor.point } : { kind: 'newest' }
      })
      const from = point.revision.number - (cursor?.offset ?? 0)
      const state = { point: point.revision.number, instant: 0, offset: (cursor?.offset ?? 0) + limit }
      const { page, link } = pageLinks(context, request, from > limit ? cursorAfter(run, state) : undefined)
      return sendPoint(context, request, reply, {
        point: { ...point, isPinned: false },
        query: `revisions\n${from}\n${limit}`,
        representation: 'json',
        contentType,
        isTimeless: true,
        hasMemento: false,
        link,
        hasLinks: true,
        render: async () =>
          JSON.stringify({ items: (await catalogues.store.revisions(id, { from, limit })).map(revisionJson), page })
      })
    }
  )

  app.get(
    '/v1/catalogues/:id/revisions/:number',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getRevision',
        summary: 'One revision with what it changed',
        description:
          'The changes are those since the previous revision; in the first revision everything is added. More than 1000, or more than 64 KiB where `limit` is not given, come by page. The answer never changes.',
        tags: ['history'],
        params: RevisionParamsSchema,
        querystring: Type.Object(changePageFields, closed),
        response: readAnswers('The revision', RevisionWithChangesSchema, documentHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found',
          ...pageCodes
        ])
      }
    },
    async (request, reply) => {
      const { id, number } = request.params
      const run = `changes\n${id}\n${number}`
      const cursor = cursorOf(request.query, run)
      const offset = cursor?.offset ?? 0
      const limit = request.query.limit === undefined ? undefined : changeLimitOf(request.query)
      await revisionOf(catalogues, id, number)
      const point = await pointAt(catalogues, id, { asOf: { kind: 'number', number } })
      return sendPoint(context, request, reply, {
        point,
        query: `revision\n${offset}\n${limit ?? ''}`,
        representation: 'json',
        contentType,
        isTimeless: true,
        hasLinks: true,
        render: async () => {
          const { revision, changes } = await revisionWithChanges(catalogues, id, number)
          const rest = changes.slice(offset)
          const shown = rest.slice(0, limit ?? Math.max(1, fittingChanges(rest)))
          if (shown.length === changes.length) return JSON.stringify({ ...revisionJson(revision), changes })
          const isLast = shown.length === rest.length
          const next = { point: number, instant: 0, offset: offset + shown.length }
          return JSON.stringify({
            ...revisionJson(revision),
            changes: shown,
            ...(!isLast && { truncated: true, links: { diff: baseOf(context, request) + changesPath(revision) } }),
            page: pageLinks(context, request, isLast ? undefined : cursorAfter(run, next)).page
          })
        }
      })
    }
  )
}
