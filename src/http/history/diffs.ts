import type { FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type Comparand, type Comparison, compare } from '../../catalogue/history/compare.ts'
import { pointAt } from '../../catalogue/read/point.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { formatInstant } from '../../domain/time/instant.ts'
import { comparisonJson } from '../../render/history/comparison-json.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, pathOf, queryOf, type RouteContext } from '../answer/send-point.ts'
import {
  changeLimitOf,
  changePageFields,
  cursorAfter,
  cursorOf,
  type PageQuery,
  queryString
} from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { DiffSchema } from '../schema/diff-schema.ts'
import { diffHeaders } from '../schema/header-schema.ts'
import { CatalogueParamsSchema, pageCodes, readAnswers, readCodes } from '../schema/schemas.ts'

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
          'Two revisions are compared as documents. An instant T alone means the view at `asOf=T, effectiveAt=T`. If one side is a view, a revision on the other side is read as its view at this moment, or at its own `…EffectiveAt`. More than 1000 changes come by page, of the same two sides.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: Type.Object(
          {
            from: sideField('earlier', 'the revision before `to`'),
            to: sideField('later', 'the newest revision'),
            fromEffectiveAt: effectField('earlier'),
            toEffectiveAt: effectField('later'),
            ...changePageFields
          },
          { additionalProperties: false }
        ),
        response: readAnswers('The difference', DiffSchema, diffHeaders, [...readCodes, ...pageCodes])
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
      const { page, link } = changesPage(context, request, comparison)
      const { seq } = await pointAt(catalogues, id, {
        asOf: { kind: 'number', number: Math.max(comparison.from.revision.number, comparison.to.revision.number) }
      })
      return sendAnswer(context, request, reply, {
        contentType: 'application/json; charset=utf-8',
        representation: 'json',
        headers: {
          'portolan-revision': String(comparison.to.revision.number),
          ...logHeaders(seq, catalogues.store.epoch),
          ...(link !== undefined && { link })
        },
        // What a clock may still change has no date from which it is known.
        ...(comparison.isImmutable && {
          changed: Math.max(comparison.from.revision.recordedAt, comparison.to.revision.recordedAt)
        }),
        isImmutable: comparison.isImmutable,
        // A side that is read at this moment changes all the time, so no cache may keep the answer.
        ...(comparison.movesWithClock && { until: catalogues.now() }),
        catalogue: id,
        stamp,
        base: baseOf(context, request),
        render: async () => JSON.stringify(page)
      })
    }
  )
}

/** A page of the changes. Its link names both sides as they were found, so that all pages are of one comparison. */
function changesPage(
  context: RouteContext,
  request: FastifyRequest<{ Querystring: PageQuery }>,
  comparison: Comparison
): { readonly page: object; readonly link?: string } {
  const whole = comparisonJson(comparison)
  const { from, to } = comparison
  const sides = {
    from: String(from.revision.number),
    to: String(to.revision.number),
    ...(from.effectiveAt !== undefined && { fromEffectiveAt: formatInstant(from.effectiveAt) }),
    ...(to.effectiveAt !== undefined && { toEffectiveAt: formatInstant(to.effectiveAt) })
  }
  const run = JSON.stringify(['diff', to.revision.catalogue, sides])
  const offset = cursorOf(request.query, run)?.offset ?? 0
  const end = offset + changeLimitOf(request.query)
  const { changes } = whole
  if (offset === 0 && end >= changes.length) return { page: whole }
  const cursor = cursorAfter(run, { point: to.revision.number, instant: 0, offset: end })
  const url = `${baseOf(context, request)}${pathOf(request)}${queryString(queryOf(request), { ...sides, cursor })}`
  const page = end >= changes.length ? { next: null, cursor: null } : { next: url, cursor }
  return {
    page: { ...whole, changes: changes.slice(offset, end), page },
    ...(page.next !== null && { link: `<${url}>; rel="next"` })
  }
}

function comparand(name: string, asOf: string | undefined, effectiveAt: string | undefined): Comparand {
  return {
    ...(asOf !== undefined && { asOf: parseAsOf(asOf, name) }),
    ...(effectiveAt !== undefined && { effectiveAt: requireInstant(effectiveAt, `${name}EffectiveAt`) })
  }
}
