import type { FastifyReply, FastifyRequest } from 'fastify'
import Type from 'typebox'
import { type Export, exportAt, exportPoint } from '../../catalogue/export/export.ts'
import type { Point } from '../../catalogue/read/point.ts'
import { PortolanError } from '../../domain/errors.ts'
import { reportField } from '../../domain/export/export-report.ts'
import { type Artifact, md5 } from '../../render/export/export.ts'
import { formats } from '../../render/formats/formats.ts'
import { type RouteContext, seenBy, sendPoint } from '../answer/send-point.ts'
import { type ExportQuery, ExportQuerySchema, exportOf } from '../request/export-query.ts'
import { canonicalQuery, clocksOfQuery } from '../request/query.ts'
import { feedsAsOfQuery } from '../request/resolve-query.ts'
import type { App } from '../request/type-provider.ts'
import { ExportReportSchema } from '../schema/export-schema.ts'
import { exportHeaders, viewHeaders } from '../schema/header-schema.ts'
import { closed, largestText, listSchema, textSchema } from '../schema/schema-words.ts'
import { CatalogueParamsSchema, readAnswers, readCodes } from '../schema/schemas.ts'

const ParamsSchema = Type.Object(
  {
    ...CatalogueParamsSchema.properties,
    format: Type.String({
      maxLength: 100,
      description: 'Name of the format, see `/v1/formats`; `NAME.md5` answers the MD5 of the bytes',
      examples: ['plain-ip']
    })
  },
  { additionalProperties: false }
)
const SliceParamsSchema = Type.Object(
  {
    ...ParamsSchema.properties,
    file: Type.String({
      maxLength: 104,
      description: 'The name of a slice, or `all`, with the ending `.txt`',
      examples: ['out-tcp-80.txt']
    })
  },
  { additionalProperties: false }
)
const { slice: _, ...otherParameters } = ExportQuerySchema.properties
const SliceQuerySchema = Type.Object(otherParameters, closed)
const ending = '.txt'
const codes = [
  ...readCodes,
  'slice_required',
  'unknown_slice',
  'budget_exceeded',
  'limit_exceeded',
  'role_unbound',
  'not_timed'
] as const
const checksum = '.md5'
const jsonObject = Type.Unsafe<object>({ type: 'object' })
const jsonList = listSchema(jsonObject, 1_000_000)
/** The media types of all exports. */
const contents = Object.fromEntries(
  ['application/x-tar', ...formats.map(({ mediaType }) => mediaType.split(';')[0] ?? '')].map((type) => [
    type,
    schemaOf(type)
  ])
)

/** Exports in JSON have the structure that their tool defines, and bytes are no text. */
function schemaOf(type: string): Type.TSchema {
  if (/[/+]json$/.test(type)) return Type.Unsafe<object>({ anyOf: [jsonObject, jsonList], title: 'ExportedJson' })
  if (/[/-]tar$|sheet$/.test(type)) return Type.Unsafe<string>({ contentMediaType: type, description: 'Bytes' })
  return textSchema(largestText, 'See `/v1/formats`')
}

export function exportRoutes(app: App, context: RouteContext): void {
  app.get(
    '/v1/catalogues/:id/exports/:format',
    {
      config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
      schema: {
        operationId: 'getExport',
        summary: 'What holds now, in the format of a tool',
        description:
          'Exactly the content of the view: what the format cannot express is left out or widened, and `Portolan-Export-Report` counts it. A format without ports is for one slice at a time. An export of several files is a tar archive; `part` selects one of them.',
        tags: ['exports'],
        params: ParamsSchema,
        querystring: ExportQuerySchema,
        response: readAnswers(
          'The export, in the media type of its format',
          { content: contents },
          exportHeaders,
          codes
        )
      }
    },
    async (request, reply) => sendExport(request, reply, request.params, request.query)
  )

  app.get(
    '/v1/catalogues/:id/exports/:format/:file',
    {
      config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
      schema: {
        operationId: 'getExportOfSlice',
        summary: 'The export of one slice, at a path with an ending',
        description:
          'For devices that want one: the same bytes and header fields as the export with `slice=`, and the same parameters.',
        tags: ['exports'],
        params: SliceParamsSchema,
        querystring: SliceQuerySchema,
        response: readAnswers(
          'The export, in the media type of its format',
          { content: contents },
          exportHeaders,
          codes
        )
      }
    },
    async (request, reply) => {
      const { file } = request.params
      const slice = file.slice(0, -ending.length)
      if (slice === '' || !file.endsWith(ending))
        throw new PortolanError('not_found', `An export of one slice ends in ${ending}, such as out-tcp-80${ending}.`)
      return sendExport(request, reply, request.params, { ...request.query, slice })
    }
  )

  app.get(
    '/v1/catalogues/:id/exports/:format/report',
    {
      config: { access: 'read', grows: 'catalogue', resolvesFeeds: true },
      schema: {
        operationId: 'getExportReport',
        summary: 'What an export left out or widened, and why',
        description: 'Takes the same parameters as the export.',
        tags: ['exports'],
        params: ParamsSchema,
        querystring: ExportQuerySchema,
        response: readAnswers('The report', ExportReportSchema, viewHeaders, codes)
      }
    },
    async (request, reply) => {
      const { id, format } = request.params
      const { point, artifact } = await readExport(request, id, format, request.query)
      return sendPoint(context, request, reply, {
        point,
        query: canonicalQuery(`report ${format}`, request.query),
        representation: 'json',
        contentType: 'application/json; charset=utf-8',
        render: async () => JSON.stringify(artifact.report)
      })
    }
  )

  async function readExport(
    request: FastifyRequest,
    id: string,
    format: string,
    query: ExportQuery
  ): Promise<{ readonly point: Point; readonly artifact: Artifact }> {
    const wanted: Export = exportOf(format, query)
    const { catalogues } = seenBy(context, request)
    const point = await exportPoint(catalogues, id, clocksOfQuery(query), wanted, feedsAsOfQuery(query, 'feeds'))
    return { point, artifact: await exportAt(catalogues, point, wanted) }
  }

  async function sendExport(
    request: FastifyRequest,
    reply: FastifyReply,
    { id, format }: { readonly id: string; readonly format: string },
    query: ExportQuery
  ): Promise<FastifyReply> {
    const isChecksum = format.endsWith(checksum)
    const { point, artifact } = await readExport(
      request,
      id,
      isChecksum ? format.slice(0, -checksum.length) : format,
      query
    )
    const { body, mediaType, fileName, report } = artifact
    return sendPoint(context, request, reply, {
      point,
      query: canonicalQuery(`export ${format}`, query),
      representation: format,
      contentType: isChecksum ? 'text/plain; charset=utf-8' : mediaType,
      headers: {
        'portolan-export-report': reportField(report),
        'content-disposition': `inline; filename="${fileName}${isChecksum ? checksum : ''}"`
      },
      render: async () => (isChecksum ? md5(artifact) : body)
    })
  }
}
