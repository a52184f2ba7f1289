import Type, { type Static } from 'typebox'
import { changePackOf, type PackRequest, type PackSpan } from '../../catalogue/change-pack/change-pack.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { parseSince } from '../../domain/change-pack/since.ts'
import { PortolanError } from '../../domain/errors.ts'
import { readWindow } from '../../domain/export/export-request.ts'
import { parseAsOf, requireInstant } from '../../domain/read/as-of.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import { filterOf } from '../../domain/view/written-filter.ts'
import { packJson } from '../../render/change-pack/pack-json.ts'
import { packMarkdown } from '../../render/change-pack/pack-markdown.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, pathOf, queryOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { preferredType } from '../request/preferred-type.ts'
import { filterFields, queryString } from '../request/query.ts'
import type { App } from '../request/type-provider.ts'
import { diffHeaders } from '../schema/header-schema.ts'
import { largestText, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { ChangePackSchema } from './change-pack-schema.ts'

const text = (description: string, examples: readonly string[]) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description, examples: [...examples] }))

const QuerySchema = Type.Object(
  {
    from: text('The earlier revision: its number, `label:` and a label, or an instant. It stands with `to`.', ['1']),
    to: text('The later revision, written like `from`', ['2']),
    at: text('One transition of the newest revision', ['2018-11-22T00:00:00Z']),
    since: text('The ETag of the view, export or document that was loaded last, or a seq: the work from there to now', [
      '7'
    ]),
    ...filterFields,
    lead: text('Planned endpoints are opened so much earlier; days and hours only', ['P7D']),
    format: Type.Optional(
      Type.Unsafe<'json' | 'markdown'>({
        ...oneOfWords(['json', 'markdown']),
        description: 'Default: what `Accept` prefers, else JSON',
        examples: ['markdown']
      })
    )
  },
  { additionalProperties: false }
)
type PackQuery = Static<typeof QuerySchema>

export function changePackRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id/change-pack',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getChangePack',
        summary: 'What a firewall has to do between two states of a catalogue, in steps with dates',
        description:
          'Exactly one of: `from` with `to`, two revisions; `at`, one transition of the newest revision; `since`, what was loaded last. An address is opened once, and closed only where nothing else that the asker may read needs it with that port. Each close waits for the opens of what takes its place.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: QuerySchema,
        response: readAnswers(
          'The change pack',
          {
            content: {
              'application/json': ChangePackSchema,
              'text/markdown': textSchema(largestText, 'The same as people read it')
            }
          },
          diffHeaders,
          [...readCodes, 'unknown_tag']
        )
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const stamp = stampOf(catalogues, undefined)
      const packed = packRequest(request.query)
      const pack = await changePackOf(catalogues, request.params.id, packed)
      const { validUntil } = intervalAt(pack.to.transitions, catalogues.now())
      const base = baseOf(context, request)
      const format = request.query.format ?? preferredFormat(request)
      const url = `${base}${pathOf(request)}${queryString(queryOf(request), { format: undefined })}`
      return sendAnswer(context, request, reply, {
        contentType: contentTypes[format],
        representation: format,
        headers: {
          'portolan-revision': String(pack.to.number),
          ...logHeaders(stampOf(catalogues, request.params.id), catalogues.store.epoch)
        },
        // What other catalogues need is in it, so that their publishes change it too.
        isImmutable: false,
        stamp,
        ...(packed.span.kind === 'since' && validUntil !== undefined && { until: validUntil }),
        base,
        render: async () => (format === 'json' ? JSON.stringify(packJson(pack, base)) : packMarkdown(pack, url))
      })
    }
  )
}

type PackFormat = NonNullable<PackQuery['format']>

const contentTypes: Readonly<Record<PackFormat, string>> = {
  json: 'application/json; charset=utf-8',
  markdown: 'text/markdown; charset=utf-8'
}

function preferredFormat(request: Parameters<typeof preferredType>[0]): PackFormat {
  return preferredType(request, ['application/json', 'text/markdown']) === 'text/markdown' ? 'markdown' : 'json'
}

/** @throws PortolanError `invalid_parameter`, `invalid_instant`, `unknown_tag` */
function packRequest(query: PackQuery): PackRequest {
  const { from: _, to: __, at: ___, since: ____, format: _____, lead, ...filters } = query
  return {
    span: spanOf(query),
    filter: filterOf(filters),
    lead: readWindow({ ...(lead !== undefined && { lead }) }).lead,
    written: { filters, ...(lead !== undefined && { lead }) }
  }
}

function spanOf({ from, to, at, since }: PackQuery): PackSpan {
  const asked = [from ?? to, at, since].filter((part) => part !== undefined)
  if (asked.length !== 1)
    throw new PortolanError('invalid_parameter', 'A change pack needs exactly one of from= with to=, at= and since=.')
  if (at !== undefined) return { kind: 'at', at: requireInstant(at, 'at') }
  if (since !== undefined) return { kind: 'since', since: parseSince(since) }
  if (from === undefined || to === undefined)
    throw new PortolanError('invalid_parameter', 'from= and to= stand together: give both revisions.')
  return { kind: 'between', from: parseAsOf(from, 'from'), to: parseAsOf(to, 'to') }
}
