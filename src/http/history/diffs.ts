import Type from 'typebox'
import { type Comparand, compare } from '../../catalogue/history/compare.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { comparisonJson } from '../../render/history/comparison-json.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import type { RouteContext } from '../answer/send-point.ts'
import type { App } from '../request/type-provider.ts'
import { DiffSchema } from '../schema/diff-schema.ts'
import { diffHeaders } from '../schema/header-schema.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'

const sideField = (name: string, fallback: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      examples: ['1', 'label:2.3', '2018-11-21T00:00:00Z'],
      description: `The ${name} side: a revision number, \`label:\` and a label, or an instant. Default: ${fallback}.`
    })
  )
const effectField = (name: string) =>
  Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 60,
      examples: ['2018-11-22T00:00:00Z'],
      description: `Reads the ${name} side as a view at this instant; it may lie in the future.`
    })
  )

export function diffRoutes(app: App, context: RouteContext): void {
  const { catalogues } = context

  app.get(
    '/v1/catalogues/:id/diff',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getDiff',
        summary: 'What is different between two revisions, or between two views',
        description:
          'Two revisions are compared as documents. An instant T alone means the view at `asOf=T, effectiveAt=T`. If one side is a view, a revision on the other side is read as its view at this moment, or at its own `…EffectiveAt`.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object(
          {
            from: sideField('earlier', 'the revision before `to`'),
            to: sideField('later', 'the newest revision'),
            fromEffectiveAt: effectField('earlier'),
            toEffectiveAt: effectField('later')
          },
          { additionalProperties: false }
        ),
        response: readAnswers('The difference', DiffSchema, diffHeaders, readCodes)
      }
    },
    async (request, reply) => {
      const { from, to, fromEffectiveAt, toEffectiveAt } = request.query
      const { id } = request.params
      const stamp = stampOf(catalogues, id)
      const comparison = await compare(
        catalogues,
        id,
        comparand('from', from, fromEffectiveAt),
        comparand('to', to, toEffectiveAt)
      )
      const { seq } = await pointAt(catalogues, id, {
        asOf: { kind: 'number', number: Math.max(comparison.from.revision.number, comparison.to.revision.number) }
      })
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        headers: {
          'portolan-revision': String(comparison.to.revision.number),
          ...logHeaders(seq, catalogues.store.epoch),
          'last-modified': new Date(
            Math.max(comparison.from.revision.recordedAt, comparison.to.revision.recordedAt)
          ).toUTCString()
        },
        isImmutable: comparison.isImmutable,
        // A side that is read at this moment changes all the time, so no cache may keep the answer.
        ...(comparison.movesWithClock && { until: catalogues.now() }),
        catalogue: id,
        stamp,
        render: async () => JSON.stringify(comparisonJson(comparison))
      })
    }
  )
}

function comparand(name: string, asOf: string | undefined, effectiveAt: string | undefined): Comparand {
  return {
    ...(asOf !== undefined && { asOf: parseAsOf(asOf, name) }),
    ...(effectiveAt !== undefined && { effectiveAt: requireInstant(effectiveAt, `${name}EffectiveAt`) })
  }
}
