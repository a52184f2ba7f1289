import Type from 'typebox'
import { revisionOf, revisionWithChanges } from '../../catalogue/history/revisions.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { revisionJson, revisionWithChangesJson } from '../../render/history/revision-json.ts'
import { pageLinks } from '../answer/paging.ts'
import { type RouteContext, sendPoint } from '../answer/send-point.ts'
import { cursorAfter, cursorOf, limitOf, pageFields } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { documentHeaders } from '../schema/header-schema.ts'
import { RevisionSchema, RevisionWithChangesSchema } from '../schema/revision-schema.ts'
import { CatalogueParamsSchema, NoQuerySchema, pageCodes, pageOf, readAnswers } from '../schema/schemas.ts'

const contentType = 'application/json; charset=utf-8'
export const RevisionParamsSchema = Type.Object(
  {
    ...CatalogueParamsSchema.properties,
    number: Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Number of the revision', examples: [1] })
  },
  { additionalProperties: false }
)

export function revisionRoutes(app: App, routing: RouteContext): void {
  const { catalogues } = routing

  app.get(
    '/v1/catalogues/:id/revisions',
    {
      config: { access: 'read' },
      schema: {
        operationId: 'listRevisions',
        summary: 'The history of a catalogue, newest first',
        description:
          'Without the changes of each: a revision has its own URL. `chain` proves that none was slipped in later.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object(pageFields, { additionalProperties: false }),
        response: readAnswers('A page of revisions', pageOf(RevisionSchema, 'RevisionPage'), documentHeaders, [
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
      // A run began at the head of that time, and goes down from there: offsets count from it.
      const point = await pointAt(catalogues, id, {
        asOf: cursor ? { kind: 'number', number: cursor.point } : { kind: 'newest' }
      })
      const from = point.revision.number - (cursor?.offset ?? 0)
      const state = { point: point.revision.number, instant: 0, offset: (cursor?.offset ?? 0) + limit }
      const { page, link } = pageLinks(routing, request, from > limit ? cursorAfter(run, state) : undefined)
      return sendPoint(routing, request, reply, {
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
      config: { access: 'read' },
      schema: {
        operationId: 'getRevision',
        summary: 'One revision with what it changed',
        description: 'Compared with the revision before it; the first one with nothing. Never changes.',
        tags: ['history'],
        params: RevisionParamsSchema,
        querystring: NoQuerySchema,
        response: readAnswers('The revision', RevisionWithChangesSchema, documentHeaders, [
          'unknown_parameter',
          'invalid_parameter',
          'insufficient_scope',
          'not_found'
        ])
      }
    },
    async (request, reply) => {
      const { id, number } = request.params
      await revisionOf(catalogues, id, number)
      const point = await pointAt(catalogues, id, { asOf: { kind: 'number', number } })
      return sendPoint(routing, request, reply, {
        point,
        query: 'revision',
        representation: 'json',
        contentType,
        isTimeless: true,
        render: async () => {
          const { revision, changes } = await revisionWithChanges(catalogues, id, number)
          return JSON.stringify(revisionWithChangesJson(revision, changes))
        }
      })
    }
  )
}
