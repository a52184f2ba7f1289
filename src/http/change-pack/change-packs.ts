import Type from 'typebox'
import { changePackOf, readPackRequest } from '../../catalogue/change-pack/change-pack.ts'
import { patchOf } from '../../catalogue/change-pack/patch.ts'
import { sitePackOf } from '../../catalogue/change-pack/site-pack.ts'
import { stampOf } from '../../catalogue/stamp.ts'
import { PortolanError } from '../../domain/errors.ts'
import { withoutUndefined } from '../../domain/json/without-undefined.ts'
import { intervalAt } from '../../domain/view/lifetime.ts'
import { type PackFormatName, packFormatNames, packFormats } from '../../render/change-pack/pack-formats.ts'
import { logHeaders } from '../answer/headers.ts'
import { sendAnswer } from '../answer/send-answer.ts'
import { baseOf, pathOf, queryOf, type RouteContext, seenBy } from '../answer/send-point.ts'
import { preferredType } from '../request/preferred-type.ts'
import { filterFields, queryString } from '../request/query.ts'
import { subjectHeaders, subjectOf, subjectParams, subjectPaths } from '../request/subject.ts'
import type { App } from '../request/type-provider.ts'
import { diffHeaders } from '../schema/header-schema.ts'
import { largestText, oneOfWords, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'
import { ChangePackSchema } from './change-pack-schema.ts'
import { JiraPackSchema, ProbesPackSchema, ServicenowPackSchema } from './ticket-schema.ts'

const text = (description: string, examples: readonly string[]) =>
  Type.Optional(Type.String({ minLength: 1, maxLength: 200, description, examples: [...examples] }))

const formatField = <Name extends string>(names: readonly Name[], description: string) =>
  Type.Optional(
    Type.Unsafe<Name>({
      ...oneOfWords(names),
      description: `Default: what \`Accept\` prefers, else JSON. \`servicenow\`: bodies for its Change Management API; \`jira\`: a body for its bulk creation of issues; \`probes\`: targets of Prometheus for what its steps verify${description}`,
      examples: ['markdown']
    })
  )

const packFields = {
  from: text('The earlier revision: its number, `label:` and a label, or an instant. It stands with `to`.', ['1']),
  to: text('The later revision, written like `from`', ['2']),
  at: text('One transition of a revision', ['2018-11-22T00:00:00Z']),
  since: text('The ETag of the view, export or document that was loaded last, or a seq: the work from there to now', [
    '7'
  ]),
  ...filterFields,
  lead: text('Planned endpoints are opened so much earlier; days and hours only', ['P7D'])
}
const QuerySchema = Type.Object(
  {
    ...packFields,
    asOf: text(
      'The revision whose transition `at` is: its number, `label:` and a label, or an instant. Default: the newest',
      ['2']
    ),
    format: formatField([...packFormatNames, 'patch' as const], '; `patch`: a unified diff of an export'),
    export: text('The format of the export that `format=patch` is of', ['nftables']),
    slice: text('Its slice, where the format needs one', ['out-tcp-80']),
    part: text('One of its files, where it has several', ['v4']),
    mode: text('A variant of the format', ['sets']),
    path: text(
      'The file that the patch is applied to. Default: the name of the catalogue and the ending of the format',
      ['firewall/portolan.nft']
    )
  },
  { additionalProperties: false }
)
/** Its revisions have no labels, and there is no patch. */
const SiteQuerySchema = Type.Object(
  { ...packFields, format: formatField(packFormatNames, '') },
  { additionalProperties: false }
)
const packContent = {
  'application/json': Type.Union([ChangePackSchema, ServicenowPackSchema, JiraPackSchema, ProbesPackSchema], {
    title: 'ChangePackAnswer'
  }),
  'text/markdown': textSchema(largestText, 'The same as people read it'),
  'text/html': textSchema(largestText, 'The Markdown as a page'),
  'text/csv': textSchema(largestText, 'RFC 4180: a line for each row of each step'),
  'text/calendar': textSchema(largestText, 'RFC 5545: an entry for each step')
}

export function changePackRoutes(app: App, context: RouteContext): void {
  sitePackRoute(app, context)
  app.get(
    '/v1/catalogues/:id/change-pack',
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getChangePack',
        summary: 'What a firewall has to do between two states of a catalogue, in steps with dates',
        description:
          'Exactly one of: `from` with `to`, two revisions; `at`, one transition of the newest revision, or of that of `asOf`; `since`, what was loaded last. An address is opened once, and closed only where nothing else that the asker may read needs it with that port. Each close waits for the opens of what takes its place.',
        tags: ['history'],
        params: CatalogueParamsSchema,
        querystring: QuerySchema,
        response: readAnswers(
          'The change pack',
          {
            content: {
              ...packContent,
              'text/x-patch': textSchema(
                largestText,
                'What differs between the exports before and after, for `git apply`'
              )
            }
          },
          diffHeaders,
          [...readCodes, 'unknown_tag', 'missing_parameter', 'slice_required', 'unknown_slice']
        )
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const stamp = stampOf(catalogues, undefined)
      const { format = preferredFormat(request), export: exported, slice, part, mode, path, ...asked } = request.query
      const patch = withoutUndefined({ export: exported, slice, part, mode, path })
      if (format !== 'patch') requireNone(patch)
      const packed = readPackRequest(asked)
      const pack = await changePackOf(catalogues, request.params.id, packed)
      const { validUntil } = intervalAt(pack.to.transitions, catalogues.now())
      const base = baseOf(context, request)
      const url = `${base}${pathOf(request)}${queryString(queryOf(request), { format: undefined })}`
      return sendAnswer(context, request, reply, {
        contentType: format === 'patch' ? patchType : packFormats[format].contentType,
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
        render: async () =>
          format === 'patch'
            ? patchOf(catalogues, pack, packed, patch)
            : packFormats[format].render(pack, { base, url })
      })
    }
  )
}

function sitePackRoute(app: App, context: RouteContext): void {
  app.get(
    `${subjectPaths.site}/change-pack`,
    {
      config: { access: 'read', grows: 'catalogue' },
      schema: {
        operationId: 'getSiteChangePack',
        summary: 'What a firewall has to do between two states of a site, in steps with dates',
        description:
          'Exactly one of: `from` with `to`, two revisions of the site, each with the catalogues as they were known when it was published; `at`, one transition of what the newest revision merges; `since`, what was loaded last. Rows have the own addresses of the product. Nothing is closed that another requirement of the site needs.',
        tags: ['history'],
        params: subjectParams('site', {}),
        querystring: SiteQuerySchema,
        response: readAnswers('The change pack', { content: packContent }, subjectHeaders('site', diffHeaders), [
          ...readCodes,
          'unknown_tag'
        ])
      }
    },
    async (request, reply) => {
      const { catalogues } = seenBy(context, request)
      const stamp = stampOf(catalogues, undefined)
      const { format = preferredFormat(request), ...asked } = request.query
      const packed = readPackRequest(asked)
      const { id } = subjectOf(request)
      const pack = await sitePackOf(catalogues, id, packed)
      const { validUntil } = pack.point.interval
      const base = baseOf(context, request)
      const url = `${base}${pathOf(request)}${queryString(queryOf(request), { format: undefined })}`
      return sendAnswer(context, request, reply, {
        contentType: packFormats[format].contentType,
        representation: format,
        headers: {
          'portolan-site-revision': String(pack.to.number),
          ...logHeaders(pack.point.seq, catalogues.store.epoch)
        },
        isImmutable: false,
        stamp,
        ...(packed.span.kind === 'since' && validUntil !== undefined && { until: validUntil }),
        base,
        render: async () => packFormats[format].render(pack, { base, url })
      })
    }
  )
}

const patchType = 'text/x-patch; charset=utf-8'

/** @throws PortolanError `invalid_parameter` */
function requireNone(patch: object): void {
  const [name] = Object.keys(patch)
  if (name !== undefined)
    throw new PortolanError(
      'invalid_parameter',
      `${name} says which export format=patch is of: it has no meaning without.`
    )
}

/** The media types that `Accept` may prefer, and the formats that have them. JSON is the first, and the default. */
const accepted: Readonly<Record<string, PackFormatName>> = {
  'application/json': 'json',
  'text/markdown': 'markdown',
  'text/html': 'html',
  'text/csv': 'csv',
  'text/calendar': 'ics'
}

function preferredFormat(request: Parameters<typeof preferredType>[0]): PackFormatName {
  return accepted[preferredType(request, Object.keys(accepted)) ?? ''] ?? 'json'
}
